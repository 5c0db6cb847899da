"""Decarbonised supply within reach: energy of a year, and the share of a load that it matches hour by hour."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self, cast

from pydantic import Field

from geodata.base import FloatArray, Text
from geodata.country.codes import grid_area_of

from ...model.tables import Bounded, Why, bounded
from ...power.assumptions import digest, written
from ...power.demand import Demand
from ...power.supply import Around, SupplyLayers, annual_gwh, capacity, factors_of, matched
from ..candidates import CandidateSet
from ..criterion import Criterion, Offer, Sources, quantity_text, site_off_m

_SHAPES, _FACTORS, _TOTALS, _AREAS = "hourly_profiles", "capacity_factors", "capacity_totals", "grid_areas"
_OUTLOOK, _SOLAR, _TOWNS = "nuclear_outlook", "solar_municipal", "municipalities"
_REGISTER, _SURVEY = "clean_register", "capacity_survey"


class CleanSupply(Criterion):
    """
    What decarbonised plants within reach give: GWh a year, or the share of a flat load matched in the same hour.

    From capacity by technology, capacity factors and hourly shapes, each with bounds; restarts count from the year asked.
    Where the supply area is not known, shapes and factors are the country's.
    """

    label: ClassVar[str] = "Decarbonised supply hour by hour"
    one_layer: ClassVar[bool] = True

    measure: Literal["clean_supply"] = "clean_supply"
    of: Literal["gwh", "matched_pct"] = Field(description="Energy of a year, or share of the load matched hour by hour")
    reach_m: Annotated[float, Field(gt=0, le=500_000, description="Straight-line reach, metres")]
    demand: Demand = Field(Demand(), description="The load; a scenario's [demand] takes its place")

    @classmethod
    def offers(cls) -> tuple[Offer, ...]:
        """Nothing: it reads power plants and what belongs to them."""
        return ()

    def pass_key(self) -> str:
        """All figures of one load and reach."""
        return self.key_of("demand", "reach_m")

    def helper_layers(self) -> tuple[str, ...]:
        """Shapes, capacity factors, national totals and supply areas."""
        return (_SHAPES, _FACTORS, _TOTALS, _AREAS)

    def optional_layers(self) -> tuple[str, ...]:
        """Restarts, the municipal register of solar and the municipalities, a register and a survey of the user's own."""
        return (_OUTLOOK, _SOLAR, _TOWNS, _REGISTER, _SURVEY)

    def reach(self) -> Text:
        """Km."""
        return quantity_text(self.reach_m / 1000, "km")

    def said(self) -> Self:
        """The criterion with load and reach in its texts."""
        load = quantity_text(self.demand.connection_mw, "MW")
        whole = super().said()
        texts = {name: getattr(whole, name).filled(load=load) for name in ("title", "why", "caveat")}
        return whole.model_copy(update=texts)

    def assumed_as_of(self) -> str:
        """Date of the power model's assumptions."""
        return written()[0]

    def tables(self) -> str:
        """Hash of the power model's tables."""
        return digest()

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """The figure alone."""
        return self.measured_together([self], candidates, sources)[0]

    @classmethod
    def measured_together(cls, group: Sequence[Criterion], candidates: CandidateSet, sources: Sources) -> list[Bounded]:
        """Both figures of one sum over the plants."""
        same, helpers = cast("Sequence[CleanSupply]", group), sources.helpers
        demand = same[0].demand
        layers = SupplyLayers(
            sources.layers[0],
            *(helpers[id_] for id_ in (_SHAPES, _FACTORS, _TOTALS)),
            *(helpers.get(id_) for id_ in (_OUTLOOK, _SOLAR, _TOWNS, _REGISTER, _SURVEY)),
        )
        table = candidates.table
        areas = grid_area_of(table["muni_code"], table["pref_code"], helpers[_AREAS].frame)
        year = demand.by_year or demand.as_of_year
        held = capacity(Around(candidates.points, site_off_m(candidates), same[0].reach_m), layers, year)
        factors = factors_of(helpers[_FACTORS], areas)
        energy = annual_gwh(held, factors)
        wanted = any(criterion.of == "matched_pct" for criterion in same)
        share = matched(held, factors, areas, helpers[_SHAPES], demand) if wanted else energy
        figures = {"gwh": energy, "matched_pct": tuple(part * 100 for part in share)}
        return [_between(*figures[criterion.of]) for criterion in same]


def _between(low: FloatArray, value: FloatArray, high: FloatArray) -> Bounded:
    return bounded(value, low, high, Why.INEXACT)
