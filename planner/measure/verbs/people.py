"""People within the way to work: how many, on the market per worker needed, who leaves school, and how that changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self, cast

import numpy as np
from pydantic import Field

from geodata.base import Text

from ...model.tables import Bounded, Why, bounded
from ...skills.assumptions import digest, written
from ...skills.gap import Gap, gap_of
from ...skills.industries import own_projects
from ...skills.reach import Sites, Triple
from ...skills.supply import SkillLayers, Supply, supply_of
from ...skills.work import Work, need_of, said_size
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, quantity_text, site_off_m

SERIES, MINUTES, PROJECTION = "prefecture_series", "commuting_minutes", "workforce_projection"
SCHOOLS, SEATS, OCCUPATIONS = "technical_schools", "school_seats", "occupation_people"
PROJECTS = "planned_projects"
MOST_YEARS, MOST_PCT = 100.0, 1000.0


class People(Criterion):
    """
    One figure of the people within the way to work of a site, and of the gap to what an investment needs.

    By minutes over the national roads between squares of about 5 km, by a circle where there are none; bounds over every square
    that the site may lie in and every assumption. Years stop at 100 and pressure at 1,000 %: these stand for more, too.
    """

    label: ClassVar[str] = "People within the way to work"
    one_layer: ClassVar[bool] = True

    measure: Literal["people"] = "people"
    of: Literal["persons", "fill", "pressure_pct", "graduates", "years", "later_pct"] = Field(
        description="Persons aged 15-64; people on the market per worker needed, scarcest occupation; workers needed per hundred at work, most pressed occupation; technical graduates a year who stay; years until they fill the need; persons of a later year in % of 2020"
    )
    work: Work = Field(Work(), description="The investment; a scenario's [work] takes its place")
    year: Annotated[int, Field(ge=2020, le=2050)] | None = Field(
        None, description="Year of the people in place of that of the work"
    )

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """Nothing: it reads squares of people and what belongs to them."""
        return ()

    def pass_key(self) -> str:
        """All figures of one investment and year."""
        return self.key_of("work", "year")

    def helper_layers(self) -> tuple[str, ...]:
        """Occupations, movers and school leavers by prefecture."""
        return (SERIES,)

    def optional_layers(self) -> tuple[str, ...]:
        """Minutes over the roads, later years, schools; seats, occupations and projects of the user's own."""
        return (MINUTES, PROJECTION, SCHOOLS, SEATS, OCCUPATIONS, PROJECTS)

    def assumed_as_of(self) -> str:
        """Date of the people model's assumptions."""
        return written()[0]

    def tables(self) -> str:
        """Hash of the people model's tables."""
        return digest()

    def reach(self) -> Text:
        """Minutes."""
        return quantity_text(self.work.minutes, "min")

    def said(self) -> Self:
        """The criterion with the investment in its texts."""
        whole, work = super().said(), said_size(self.work)
        texts = {name: getattr(whole, name).filled(work=work) for name in ("title", "why", "caveat")}
        return whole.model_copy(update=texts)

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The figure alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """All figures of one look at the people."""
        same = cast("Sequence[People]", group)
        work = same[0].work if same[0].year is None else same[0].work.model_copy(update={"year": same[0].year})
        held = sources.helpers
        layers = SkillLayers(
            sources.layers[0],
            held[SERIES],
            *(held.get(id_) for id_ in (MINUTES, PROJECTION, SCHOOLS, SEATS, OCCUPATIONS)),
        )
        table = candidates.table
        sites = Sites(table["lon"].to_numpy(float), table["lat"].to_numpy(float), site_off_m(candidates))
        supply = supply_of(sites, layers, work)
        own = own_projects(held[PROJECTS].frame) if PROJECTS in held else None
        found = _Found(supply, gap_of(supply, need_of(work, own), work))
        return [FIGURES[criterion.of](found) for criterion in same]


@dataclass(frozen=True)
class _Found:
    supply: Supply
    gap: Gap


def _between(parts: Triple, most: float = np.inf) -> Bounded:
    low, value, high = (np.minimum(part, most) for part in parts)
    low, high = np.fmin(low, value), np.fmax(high, value)
    return bounded(value, low, high, np.where(np.isposinf(high), Why.AT_LEAST, Why.INEXACT))


def _graduates(found: _Found) -> Bounded:
    low, value, high = (part.sum(axis=1) for part in found.supply.graduates)
    return _between((low, value, high))


def _percent(parts: Triple) -> Triple:
    low, value, high = (part * 100 for part in parts)
    return low, value, high


def _finite(parts: Triple) -> Triple:
    """A fill of nobody needed is no number."""
    low, value, high = (np.where(np.isposinf(parts[1]), np.nan, part) for part in parts)
    return low, value, high


FIGURES: dict[str, Callable[[_Found], Bounded]] = {
    "persons": lambda found: _between(found.supply.counts["persons_15_64"]),
    "fill": lambda found: _between(_finite(found.gap.least_fill)),
    "pressure_pct": lambda found: _between(found.gap.most_pressure, MOST_PCT),
    "graduates": _graduates,
    "years": lambda found: _between(found.gap.years_all, MOST_YEARS),
    "later_pct": lambda found: _between(_percent(found.supply.index)),
}
