"""What a load asks of the grid, and what each of its figures means."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from geodata.base import Strict

from ..model.assumptions import Range
from .assumptions import Assumptions, assumptions

Technology = Literal["solar", "wind", "hydro", "nuclear", "geothermal", "biomass"]
"""Decarbonised sources that a contract can be made with."""


class Demand(Strict):
    """A requested load. Only the connection is in MW of the grid; IT load, contract and energy follow by named conversions."""

    connection_mw: Annotated[float, Field(gt=0, le=20_000, description="Grid connection asked for, MW")] = 100.0
    by_year: Annotated[int, Field(ge=2026, le=2060)] | None = Field(
        None, description="Year by whose end the load must fit: becomes a gate"
    )
    as_of_year: Annotated[int, Field(ge=2020, le=2060)] = Field(
        2026, description="Year from which years to power are counted"
    )
    prices: dict[Technology, Annotated[float, Field(ge=0, le=1_000)]] = Field(
        default_factory=dict,
        description="Price of a contract by technology, yen/kWh: what a matched share costs follows",
    )
    assume: dict[str, Range] = Field(
        default_factory=dict,
        description="Assumptions set otherwise, as in planner/power/assumptions.toml: low, middle, high",
    )

    @field_validator("assume")
    @classmethod
    def _known(cls, over: dict[str, Range]) -> dict[str, Range]:
        assumptions(over)
        return over

    @property
    def assumed(self) -> Assumptions:
        """The assumptions in force."""
        return assumptions(self.assume)

    @property
    def years_left(self) -> int | None:
        """Years from `as_of_year` until the end of `by_year`; None without a deadline."""
        return None if self.by_year is None else self.by_year - self.as_of_year
