"""What a calibrated set of weights tells of itself: the choices behind it, and how it stood on choices that it had not seen."""

from typing import Annotated

from pydantic import Field

from geodata.base import Strict

Interval = tuple[float, float]


class Figures(Strict):
    """Standing of n choices: percentiles among random places, 0 to 1, with 90 % intervals."""

    n: Annotated[int, Field(ge=1)]
    median: float
    median_interval: Interval
    top: float = Field(description="Share in the best 5 %")
    top_interval: Interval
    area: float = Field(description="Mean percentile: the area under the curve against random places")
    area_interval: Interval


class HeldOut(Strict):
    """The same choices under each rival, region by region, each fitted without the choices of that region."""

    calibrated: Figures
    fifths: Figures = Field(description="The calibrated set again, with a random fifth of the choices held out in turn")
    pooled: Figures = Field(description="The model of all fields together")
    assumed: Figures
    equal: Figures = Field(description="The criteria of the profile with equal weights")
    best_column: Figures = Field(description="The single criterion that does best in hindsight, plants shown left out")
    column: str = Field(description="Which criterion that is")


class Calibration(Strict):
    """Where calibrated weights come from."""

    choices: str = Field(description="Name of the list of choices")
    choices_sha256: str
    fields: tuple[str, ...] = Field(description="Fields of the choices fitted; none: the pooled model alone")
    n: Annotated[int, Field(ge=0)] = Field(description="Choices of these fields")
    pooled_n: Annotated[int, Field(ge=1)] = Field(description="Choices of all fields")
    left_out: Annotated[int, Field(ge=0)] = Field(0, description="Rows closed, cancelled, not built or off the mesh")
    judged_by: tuple[str, ...] = Field(description="Fields of the choices held out")
    kept: tuple[str, ...] = Field((), description="Criteria that define the type and keep their assumed share")
    backtest_sha256: str
    background: int
    seed: int
    made: str
    held_out: HeldOut

    @property
    def beats_assumed(self) -> bool:
        """Whether the calibrated set stood higher than the assumed one on choices not seen."""
        return self.held_out.calibrated.area > self.held_out.assumed.area

    @property
    def beats_columns(self) -> bool:
        """Whether it stood higher than the best single column and the equal weights."""
        return self._beats(self.held_out.calibrated)

    @property
    def assumed_beats_columns(self) -> bool:
        """Whether the assumed set stands higher than both."""
        return self._beats(self.held_out.assumed)

    def _beats(self, own: Figures) -> bool:
        return own.area > max(self.held_out.best_column.area, self.held_out.equal.area)
