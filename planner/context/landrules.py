"""Rules on industrial land, each with its stage on the way to law and the date of that stage."""

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

from ..i18n import Language, Translate
from ..model.sources import Statement, citation

Stage = Literal["bill", "passed", "in_force"]

BOUND_PLOT_HA, BOUND_BUILDING_HA = 0.9, 0.3
"""From where the Factory Location Act binds: 9,000 m2 of plot or 3,000 m2 of building area."""

STAGES: dict[Stage, Text] = {
    "bill": Text(ja="法案（閣議決定、成立は未確認）", en="bill (cabinet decision; not confirmed as passed)"),
    "passed": Text(ja="成立", en="passed"),
    "in_force": Text(ja="施行済み", en="in force"),
}


class LandRule(Strict):
    """One rule: what it says, and how far it has come since when."""

    text: Statement
    stage: Stage
    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    law: Text | None = Field(None, description="Name and number of the law; a bill has none")

    @model_validator(mode="after")
    def _a_law_has_a_name(self) -> Self:
        if (self.stage == "bill") != (self.law is None):
            raise InvalidError("a rule names its law once that has passed, and a bill has none")
        return self

    def said(self, language: Language) -> tuple[str, str]:
        """The rule; its stage, date, law and source."""
        stage = " ".join(
            part for part in (STAGES[self.stage][language], self.since, self.law and self.law[language]) if part
        )
        return self.text[language], f"{stage} · {citation(self.text.sources)[language]}"


@dataclass(frozen=True)
class Plot:
    """A chosen plot as far as it is known: NaN and None are unknown."""

    area_ha: float = float("nan")
    building_ha: float = float("nan")
    data_centre: bool = False
    in_water_area: bool | None = None


def plot_of(profile: str, kind: str, area_ha: float) -> Plot:
    """A plot as far as a ranking knows it: of listed sites and of a file their area, and whether it is for data centres."""
    plots = kind in {"sites", "file"}
    return Plot(area_ha=area_ha if plots else float("nan"), data_centre="datacentre" in profile)


def meaning(rule_id: str, plot: Plot, t: Translate) -> str:
    """What a rule means for a plot, as far as the plot is known."""
    return _MEANINGS[rule_id](plot, t)


def _green(plot: Plot, t: Translate) -> str:
    """Plots of 9,000 m2 and buildings of 3,000 m2 are bound by the Factory Location Act; 20 % of green unless a by-law lets it down."""
    if plot.area_ha >= BOUND_PLOT_HA or plot.building_ha >= BOUND_BUILDING_HA:
        if math.isnan(plot.area_ha):
            return t("Bound by its building area: 20 % of the plot must be green; the plot's area is unknown.")
        return t(
            "Bound: {green} ha of {area} ha must be green (20 %), {least} ha where a by-law goes down to 5 %; the exception of the bill is not law until it passed.",
            green=f"{0.2 * plot.area_ha:.2f}",
            area=f"{plot.area_ha:g}",
            least=f"{0.05 * plot.area_ha:.2f}",
        )
    small = plot.building_ha < BOUND_BUILDING_HA or plot.area_ha < BOUND_BUILDING_HA
    if not (plot.area_ha < BOUND_PLOT_HA and small):
        return t("Unknown whether bound: it is from 9,000 m2 of plot or 3,000 m2 of building.")
    return t("Not bound: under 9,000 m2 of plot and 3,000 m2 of building.")


def _water(plot: Plot, t: Translate) -> str:
    if not plot.data_centre:
        return t("Says nothing of this use: the duty is towards data centres.")
    if plot.in_water_area is None:
        return t(
            "Only inside the supply area of an industrial water works; whether the plot lies in one is unknown: ask the works."
        )
    if plot.in_water_area:
        return t("The works would have to supply, once the bill has passed; how much is free is for the works to say.")
    return t("Outside the supply area: no duty.")


def _compensation(_plot: Plot, t: Translate) -> str:
    return t("Counts where the municipality is financially weak and lowers the tax by a by-law: ask the municipality.")


def _land_plan(plot: Plot, t: Translate) -> str:
    if math.isnan(plot.area_ha):
        return t("The municipality or prefecture could have its plan approved; the plot's area is unknown.")
    return t(
        "The municipality or prefecture could put these {area} ha into its plan and ask for approval.",
        area=f"{plot.area_ha:g}",
    )


_MEANINGS: dict[str, Callable[[Plot, Translate], str]] = {
    "green_ratio": _green,
    "industrial_water": _water,
    "tax_compensation": _compensation,
    "land_plan": _land_plan,
}


@cache
def land_rules() -> dict[str, LandRule]:
    """Every rule by its id."""
    table = tomllib.loads((files(__package__) / "landrules.toml").read_text("utf-8"))
    return {id_: LandRule.model_validate(stanza) for id_, stanza in table.items()}
