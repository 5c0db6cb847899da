"""Evidence for the items of a plan, drawn from the layers: what they can tell of its area and field, and nothing else."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from geodata import Layers

from ..fields.chains import HERE, MISSING, NOT_LISTED, chains
from ..fields.field import Field, fields
from ..fields.ripple import AREA
from ..i18n import Language, Translate, translator
from ..measure.candidates import CandidateChoice, load_candidates
from ..measure.criterion import Criterion
from ..measure.run import measure
from ..model.tables import Measurements
from ..plans.incentives import Case, match
from ..plans.plan import Answer, Evidence, Plan
from ..plans.requirements import requirements
from ..scenario.bind import bind
from ..scenario.criteria import criteria
from ..scenario.merge import scenario_from_profile
from ..scenario.profiles import profiles
from . import field_words, region
from .area import Area, area_of_codes
from .field_cluster import FIRMS, OWN_FIRMS, PROJECTS, RECYCLING, FieldAnswer, field_answer
from .field_sectors import SECTORS

FIELD_OF_KIND = {"gx1": "materials", "gx2": "datacentre"}
"""Field that stands for a plan that names none: our reading of the zone types."""

_OF_TOWNS = ("power_years", "clean_gwh", "technical_graduates", "fill_years", "fill_ratio", "workforce_2040_pct")
_MANY = 5

Said = Callable[[Translate], str]


def area_of_plan(layers: Layers, plan: Plan) -> Area:
    """The area of a plan; PlannerError when it names none."""
    return area_of_codes(layers, plan.prefectures, plan.municipalities, plan.block)


def field_of_plan(plan: Plan) -> Field | None:
    """Field of a plan, that which stands for its zone type, or none."""
    return fields().get(plan.field or FIELD_OF_KIND.get(plan.kind, ""))


def filled(layers: Layers, plan: Plan, today: date) -> Plan:
    """The plan with evidence drawn anew for each item; texts and statuses of the planner stay as they are."""
    found = _Found(layers, plan, today)
    answers = {}
    for item in requirements()[plan.kind]:
        evidence = tuple(one for kind in item.evidence for one in found.of(kind))
        before = plan.answer(item.id)
        update = {"evidence": evidence, "evidence_as_of": today}
        if before.status == "empty" and evidence:
            update["status"] = "draft"
        answers[item.id] = Answer.model_validate({**before.model_dump(), **update})
    return plan.model_copy(update={"answers": answers})


def _criteria_of(profile: str) -> dict[str, Criterion]:
    """The criteria that evidence rests on, with the load and the investment of the profile of the plan; else those of the catalogue."""
    named = next((id_ for id_ in profiles() if id_.startswith(profile)), None)
    bound = {} if named is None else bind(scenario_from_profile(named)).criteria
    return {id_: bound.get(id_, criteria()[id_]).said() for id_ in _OF_TOWNS}


class _Found:
    """What the layers tell of the area and field of one plan, each kind of evidence read once."""

    def __init__(self, layers: Layers, plan: Plan, today: date) -> None:
        self.layers, self.plan, self.today = layers, plan, today
        self.area = area_of_plan(layers, plan)
        self.field = field_of_plan(plan)
        invested = sum(one.capex_oku or 0.0 for one in plan.investments) or None
        self.answer: FieldAnswer = field_answer(layers, self.field or fields()["casting-forging"], self.area, invested)
        self.criteria = _criteria_of(self.field.profile if self.field else f"{plan.kind}-")
        self._measured: tuple[pd.DataFrame, Measurements] | None = None

    def of(self, kind: str) -> Iterator[Evidence]:
        """Evidence of one kind; nothing where the layers at hand do not tell it."""
        yield from getattr(self, f"_{kind}", self._nothing)()

    def _nothing(self) -> Iterator[Evidence]:
        return iter(())

    def _tell(
        self, kind: str, said: Said, layers: str | tuple[str, ...], value: float | None = None, unit: str = ""
    ) -> Evidence:
        locks = [self.layers.lock(layer) for layer in ((layers,) if isinstance(layers, str) else layers)]
        known = value is not None and not np.isnan(value)
        return Evidence(
            kind=kind,
            text=said(translator("en")),
            text_ja=said(translator("ja")),
            value=float(value) if known and value is not None else None,
            unit=unit,
            source=_joined(lock.attribution for lock in locks),
            date=_joined(lock.reference_date for lock in locks),
            status=_joined(lock.status for lock in locks),
        )

    @property
    def _lists(self) -> tuple[str, ...]:
        """The lists of firms at hand: ours and the user's."""
        return tuple(id_ for id_ in (FIRMS, OWN_FIRMS) if self.layers.has(id_))

    def _location_quotient(self) -> Iterator[Evidence]:
        sectors = self.answer.sectors
        if sectors is None:
            return
        rows = sectors.table["quotient"].dropna().sort_values(ascending=False)
        of_field = rows[[code for code in sectors.of_field if code in rows.index]] if self.field else rows.head(3)
        for code, quotient in of_field.items():
            yield self._tell(
                "location_quotient",
                lambda t, c=str(code), q=float(quotient): t("{sector}: location quotient {q} ({base} = 1)", sector=field_words.sector_name(c, _language(t)), q=f"{q:.2f}", base=field_words.quotient_base(self.answer, t)),  # type: ignore[misc]
                sectors.layer,
                float(quotient),
                "times the table" if sectors.own else "times Japan",
            )  # fmt: skip

    def _density(self) -> Iterator[Evidence]:
        sectors = self.answer.sectors
        if sectors is not None and self.field and not np.isnan(sectors.density):
            yield self._tell(
                "density",
                lambda t: t("{n} employees of the field's sectors per km² habitable", n=f"{sectors.density:.1f}"),
                sectors.layer,
                sectors.density,
                "persons/km2",
            )

    def _core_firms(self) -> Iterator[Evidence]:
        firms = self.answer.firms
        if not self.field:
            return
        named = firms[firms["private"].ne("yes")]
        names = "、".join(dict.fromkeys(named["firm"].astype("str").head(_MANY)))
        yield self._tell(
            "core_firms",
            lambda t: t(
                "{n} firms of the field on the list stand here: {names}", n=len(firms), names=names or t("none")
            ),
            self._lists,
            float(len(firms)),
            "firms",
        )

    def _chain_coverage(self) -> Iterator[Evidence]:
        if self.field:
            share = float(self.answer.chain["standing"].eq(HERE).mean())
            yield self._tell(
                "chain_coverage",
                lambda t: field_words.chain_said(self.answer, _language(t)),
                self._lists,
                100 * share,
                "%",
            )

    def _chain_missing(self) -> Iterator[Evidence]:
        if not self.field:
            return
        gone = self.answer.chain[
            self.answer.chain["standing"].isin([MISSING, NOT_LISTED]) & self.answer.chain["essential"]
        ]
        titles = {stage.id: stage.title for stage in chains()[self.field.id]}
        yield self._tell(
            "chain_missing",
            lambda t: t("Essential stages with no firm on the list: {names}", names="、".join(titles[s][_language(t)] for s in gone["stage"]) or t("none")),
            self._lists,
            float(len(gone)),
            "stages",
        )  # fmt: skip

    def _product_hhi(self) -> Iterator[Evidence]:
        for name, one in self.answer.products.items():
            if one.band:
                yield self._tell(
                    "product_hhi",
                    lambda t, n=name, i=one: t("{name}: HHI product {value}, {band}", name=n, value=f"{i.both:.3f}", band=t(i.band)),  # type: ignore[misc]
                    "trade",
                    one.both,
                )  # fmt: skip

    def _supplier_concentration(self) -> Iterator[Evidence]:
        concentration, largest, n = self.answer.supply
        if not np.isnan(concentration):
            yield self._tell(
                "supplier_concentration",
                lambda t: t("Suppliers of the firms here: HHI {hhi} (no official band), largest {share} %, {n} suppliers", hhi=f"{concentration:.2f}", share=f"{100 * largest:.0f}", n=n),
                "transactions",
                concentration,
            )  # fmt: skip

    def _customer_dependence(self) -> Iterator[Evidence]:
        shares = pd.to_numeric(self.answer.firms["customer_share_pct"], errors="coerce").dropna()
        if len(shares):
            guide = self.answer.assumed["single_customer_pct"]
            over = int((shares > guide[2]).sum())
            yield self._tell(
                "customer_dependence",
                lambda t: t("{n} of {all} firms sell more than {high} % to one customer (a guide, no limit)", n=over, all=len(shares), high=f"{guide[2]:g}"),
                OWN_FIRMS,
                float(over),
                "firms",
            )  # fmt: skip

    def _connector_hub(self) -> Iterator[Evidence]:
        for name, row in self.answer.public_degrees.head(3).iterrows():
            yield self._tell(
                "connector_hub",
                lambda t, n=str(name), r=row: t("{name}: hub degree {hub}, connector degree {connector} (our formula)", name=n, hub=field_words.number(float(r["hub"]), 2, t), connector=field_words.number(float(r["connector"]), 2, t)),  # type: ignore[misc]
                "transactions",
                float(row["hub"]),
            )  # fmt: skip

    def _relatedness(self) -> Iterator[Evidence]:
        rows = self.answer.related
        mine = rows[rows["field"].eq(self.field.id)] if self.field else rows.head(1)
        if len(mine) and not np.isnan(float(mine["percentile"].iloc[0])):
            row = mine.iloc[0]
            yield self._tell(
                "relatedness",
                lambda t: t("{field}: relatedness to what the area does {value}, above {share} % of the prefectures", field=fields()[row["field"]].title[_language(t)], value=f"{row['relatedness']:.2f}", share=f"{row['percentile']:.0f}"),
                self.answer.sectors.layer if self.answer.sectors is not None else SECTORS,
                float(row["percentile"]),
                "%",
            )  # fmt: skip

    def _ripple(self) -> Iterator[Evidence]:
        if self.answer.ripple is not None:
            inside = self.answer.ripple.within(AREA)
            yield self._tell(
                "ripple",
                lambda t: t("Output in the area by the table imported: {n} (100m yen) from a demand of {d}", n=f"{inside:,.0f}", d=f"{self.answer.amount_oku:,.0f}"),
                "input_output",
                inside,
                "100m yen",
            )  # fmt: skip
        elif self.answer.indicative:
            low, middle, high = self.answer.indicative[AREA]
            yield Evidence(
                kind="ripple",
                text=translator("en")(_INDICATIVE, low=f"{low:,.0f}", high=f"{high:,.0f}", d=f"{self.answer.amount_oku:,.0f}"),
                text_ja=translator("ja")(_INDICATIVE, low=f"{low:,.0f}", high=f"{high:,.0f}", d=f"{self.answer.amount_oku:,.0f}"),
                value=middle,
                unit="100m yen",
                status="assumed",
            )  # fmt: skip

    def _need_stock(self) -> Iterator[Evidence]:
        for kind in ("power_mw", "water_m3_day", "land_ha", "jobs"):
            total, unknown = self.answer.needs.total(kind)
            if not np.isnan(total[1]):
                name, unit = field_words.need_name(kind)
                yield self._tell(
                    "need_stock",
                    lambda t, v=total, u=unknown, n=name, w=unit: t("Planned investments need {what}: {value} {unit}; {unknown} are unknown", what=t(n), value=field_words.ranged(v, 0, t), unit=t(w), unknown=u),  # type: ignore[misc]
                    PROJECTS if self.answer.own_projects else FIRMS,
                    total[1],
                    unit,
                )  # fmt: skip

    def _stock(self, kind: str, key: str) -> Iterator[Evidence]:
        lines = {
            language: region.stock(self.layers, list(self.area.prefectures), key, language) for language in ("ja", "en")
        }
        if not np.isnan(lines["en"].value):
            yield self._tell(
                kind,
                lambda t: t("{title}, prefectures of the area: {value} {unit}", title=lines[_language(t)].title, value=("≥ " if lines["en"].bound else "") + f"{lines['en'].value:,.0f}", unit=lines[_language(t)].unit),
                lines["en"].layer,
                lines["en"].value,
                lines["en"].unit,
            )  # fmt: skip

    def _land_ha(self) -> Iterator[Evidence]:
        yield from self._stock("land_ha", "available_now_ha")
        yield from self._stock("land_ha", "planned_ha")

    def _sites(self) -> Iterator[Evidence]:
        yield from self._stock("sites", "sites")

    def _power_mw(self) -> Iterator[Evidence]:
        yield from self._stock("power_mw", "substations_154kv")
        if not self.layers.has("demand_room"):
            yield Evidence(kind="power_mw", text=translator("en")(_NO_ROOM), text_ja=translator("ja")(_NO_ROOM))

    def _clean_power(self) -> Iterator[Evidence]:
        yield from self._stock("clean_power", "plants_but_solar_mw")
        yield from self._stock("clean_power", "solar_mw")
        yield from self._best("clean_power", "clean_gwh", best=max)

    def _shipments(self) -> Iterator[Evidence]:
        if not self.layers.has("prefecture_series"):
            return
        rows = self.layers.layer("prefecture_series").frame
        total = float(rows.loc[rows["pref_code"].isin(self.area.prefectures), "shipments_100m_yen"].sum(min_count=1))
        if not np.isnan(total):
            yield self._tell(
                "shipments",
                lambda t: t("Manufacturing shipments of the prefectures: {n} (100m yen)", n=f"{total:,.0f}"),
                "prefecture_series",
                total,
                "100m yen",
            )

    def _power_years(self) -> Iterator[Evidence]:
        yield from self._best("power_years", "power_years", best=min)

    def _skills_gap(self) -> Iterator[Evidence]:
        yield from self._best("skills_gap", "fill_ratio", best=max)

    def _skills_years(self) -> Iterator[Evidence]:
        yield from self._best("skills_years", "fill_years", best=min)

    def _schools(self) -> Iterator[Evidence]:
        yield from self._best("schools", "technical_graduates", best=max)
        yield from self._stock("schools", "kosen")
        yield from self._stock("schools", "universities")

    def _workforce_2040(self) -> Iterator[Evidence]:
        yield from self._best("workforce_2040", "workforce_2040_pct", best=max)

    def _best(self, kind: str, criterion_id: str, *, best: Callable[..., float]) -> Iterator[Evidence]:
        """Best municipality of the area by one criterion, with its bounds and the spread over the others."""
        table, found = self._towns()
        values = found.values[criterion_id].to_numpy(float)
        if np.isnan(values).all():
            return
        at = int(np.nanargmin(values) if best is min else np.nanargmax(values))
        low, high = (float(part[criterion_id].to_numpy(float)[at]) for part in (found.low, found.high))
        criterion = self.criteria[criterion_id]
        name = str(table["name"].iloc[at])
        middle = float(np.nanmedian(values))
        yield self._tell(
            kind,
            lambda t: t("{title}: {name} {value} {unit} ({low} to {high}); median of the municipalities {middle}", title=criterion.title[_language(t)], name=name, value=_short(values[at]), unit=t(criterion.unit), low=_short(low), high=_short(high), middle=_short(middle)),
            criterion.layers[0] if criterion.layers else "municipalities",
            float(values[at]),
            criterion.unit,
        )  # fmt: skip

    def _towns(self) -> tuple[pd.DataFrame, Measurements]:
        if self._measured is None:
            choice = CandidateChoice(kind="municipalities", prefectures=self.area.prefectures)
            candidates = load_candidates(choice, self.layers)
            held = np.flatnonzero(self.area.holds(pd.Series(candidates.table.index)).to_numpy(bool))
            inside = candidates.take(held)
            self._measured = inside.table, measure(inside, list(self.criteria.values()), self.layers)
        return self._measured

    def _water(self) -> Iterator[Evidence]:
        yield Evidence(kind="water", text=translator("en")(_NO_WATER), text_ja=translator("ja")(_NO_WATER))

    def _hazards(self) -> Iterator[Evidence]:
        lacking = [id_ for id_ in ("flood_zones", "tsunami_zones", "landslide_zones") if not self.layers.has(id_)]
        if lacking:
            yield Evidence(kind="hazards", text=translator("en")(_NO_ZONES), text_ja=translator("ja")(_NO_ZONES))

    def _special_zone(self) -> Iterator[Evidence]:
        rows = self.answer.zones
        names = "、".join(dict.fromkeys(rows["zone"].astype("str"))) if len(rows) else ""
        yield self._tell(
            "special_zone",
            lambda t: t("National strategic special zones that hold the area or a part of it: {names}", names=names or t("none on the list")),
            "special_zones",
            float(len(rows)),
            "zones",
        )  # fmt: skip

    def _research_institutes(self) -> Iterator[Evidence]:
        rows = self.answer.points.get("research_institutes", pd.DataFrame(columns=["name"]))
        names = "、".join(rows["name"].astype("str").head(_MANY))
        yield self._tell(
            "research_institutes",
            lambda t: t("{n} national institutes or large facilities on the list: {names}", n=len(rows), names=names or t("none")),
            "research_institutes",
            float(len(rows)),
            "places",
        )  # fmt: skip

    def _recycling(self) -> Iterator[Evidence]:
        rows = self.answer.points.get(RECYCLING, pd.DataFrame(columns=["name"]))
        names = "、".join(rows["name"].astype("str").head(_MANY))
        yield self._tell(
            "recycling",
            lambda t: t("{n} recycling bases on the list: {names}", n=len(rows), names=names or t("none")),
            RECYCLING,
            float(len(rows)),
            "places",
        )

    def _incentives(self) -> Iterator[Evidence]:
        case = Case(plan=self.plan.kind, field=self.plan.field or None)
        named = [one.incentive.title for one in match(case, self.today) if self.plan.kind in one.incentive.plans]
        if named:
            yield Evidence(
                kind="incentives",
                text=translator("en")(_NAMED, names="; ".join(title.en for title in named)),
                text_ja=translator("ja")(_NAMED, names="、".join(title.ja for title in named)),
                value=float(len(named)),
                unit="schemes",
            )


_INDICATIVE = "Indicative range of output in the area: {low} to {high} (100m yen) from a demand of {d}, by assumed shares; no forecast"
_NO_ROOM = "Room for demand on the grid is unknown: import the grid company's answer (kind demand_room). 空容量 is room for generation, never for demand."
_NO_WATER = "Supply areas of industrial water and their spare m³ a day are in no open national data: ask the water works and write the answer here."
_NO_ZONES = "Zones of flood, tsunami or landslide are not imported yet: hazard is unknown, not absent."
_NAMED = "Schemes that name this plan paper: {names}"


def _language(t: Translate) -> Language:
    """Language of a translator: that in which it says 'unknown'."""
    return "en" if t("unknown") == "unknown" else "ja"


def _joined(parts: Iterable[str | None]) -> str:
    """Each of several sources, dates or statuses once."""
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _short(value: float) -> str:
    if np.isnan(value) or np.isinf(value):
        return "?" if np.isnan(value) else "∞"
    return f"{float(f'{value:.3g}'):,.10g}"
