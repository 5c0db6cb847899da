"""Clean supply and its match in words: tables and sentences."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geodata.base import Text
from geodata.country.codes import GRID_AREAS

from ..i18n import Language, Translate, translator
from ..power.hourly import HOURS
from .power import PowerAnswer
from .power_words import ranged

_TECHNOLOGIES = {
    "solar": Text(ja="太陽光", en="Solar"),
    "wind": Text(ja="風力", en="Wind"),
    "hydro": Text(ja="水力", en="Hydro"),
    "nuclear": Text(ja="原子力", en="Nuclear"),
    "geothermal": Text(ja="地熱", en="Geothermal"),
    "biomass": Text(ja="バイオマス", en="Biomass"),
}


def technology(name: str, language: Language) -> str:
    """Name of a technology."""
    return _TECHNOLOGIES[name][language]


def supply_table(answer: PowerAnswer, language: Language) -> pd.DataFrame:
    """MW, capacity factor and GWh by technology, those without any left out."""
    t = translator(language)
    frame = answer.technologies
    if not len(frame):
        return pd.DataFrame()
    kept = frame[(frame["mw_high"] > 0)]
    shapes = {"area": t("of the area"), "country": t("of the country")}
    return pd.DataFrame(
        {
            t("Technology"): [technology(name, language) for name in kept["technology"]],
            t("MW"): [ranged(row, "MW", t) for row in kept[["mw_low", "mw_mid", "mw_high"]].to_numpy()],
            t("Capacity factor"): [
                ranged(row * 100, "%", t) for row in kept[["cf_low", "cf_mid", "cf_high"]].to_numpy()
            ],
            t("Energy of a year"): [
                ranged(row, "GWh", t) for row in kept[["gwh_low", "gwh_mid", "gwh_high"]].to_numpy()
            ],
            t("Plants of unknown output"): kept["unknown"].astype(int).to_numpy(),
            t("Hourly shape"): [shapes[name] for name in kept["shape"]],
        }
    )


def needed_table(answer: PowerAnswer, language: Language) -> pd.DataFrame:
    """MW by technology, in the proportions found around the place, for each share of the load."""
    t = translator(language)
    if answer.match is None:
        return pd.DataFrame()
    rows: dict[str, dict[str, str]] = {}
    for target, mix in answer.match.needed_mw.items():
        name = f"{target:.0%}"
        rows[name] = (
            {t("Together"): t("not with any amount of this mix")}
            if mix is None
            else {
                t("Together"): f"{sum(mix.values()):,.0f} {t('MW')}",
                **{technology(k, language): f"{mw:,.0f}" for k, mw in mix.items() if mw > 0},
                t("Cost of a year"): _cost_of(answer, mix, t),
            }
        )
    return pd.DataFrame(rows).T.fillna("–").rename_axis(t("Share matched")).reset_index()


def _cost_of(answer: PowerAnswer, mix: Mapping[str, float], t: Translate) -> str:
    """What a mix costs a year at the prices given, 100 million yen; unknown where a technology in it has none."""
    prices = {str(name): yen for name, yen in answer.demand.prices.items()}
    factors = answer.technologies.set_index("technology")["cf_mid"]
    used = [name for name, mw in mix.items() if mw > 0]
    if not set(used) <= set(prices):
        return t("unknown")
    oku = sum(mix[name] * factors[name] * HOURS * 1000 * prices[name] for name in used) / 1e8
    return f"{oku:,.0f} {t('100m yen')}"


def match_said(answer: PowerAnswer, language: Language) -> list[str]:
    """The hourly match in sentences."""
    t, match = translator(language), answer.match
    if match is None:
        return [t("Hourly shapes or plants are not at hand: the match is unknown.")]
    said = [
        t(
            "Hour by hour, clean plants within {km} km match {share} of the load; over the year their energy would match {annual} %.",
            km="50",
            share=ranged(np.array(match.share) * 100, "%", t),
            annual=f"{match.annual_share * 100:.0f}",
        ),
        t(
            "{left} GWh a year are left to the grid and {curtailed} GWh of what could be contracted find no load in their hour.",
            left=f"{match.residual_gwh:,.0f}",
            curtailed=f"{match.curtailed_gwh:,.0f}",
        ),
    ]
    if match.residual_kt is not None:
        said.append(
            t(
                "At the emission factor of the area's utility (FY2024) the rest is {kt} kt of CO2 a year.",
                kt=f"{match.residual_kt:,.0f}",
            )
        )
        low, _, high = (match.residual_kt * price / 1e5 for price in answer.demand.assumed["carbon_price"])
        said.append(
            t(
                "At the carbon price assumed this would be {low} to {high} (100m yen) a year; the allowances are those of the power company, so it is a cost that could be passed on, not a bill.",
                low=f"{low:,.1f}",
                high=f"{high:,.1f}",
            )
        )
    if match.national_shapes:
        names = t(", ").join(technology(name, language) for name in match.national_shapes)
        said.append(
            t("The hourly shape of {names} is the country's, not the area's: the bounds allow for it.", names=names)
        )
    return said


def area_said(answer: PowerAnswer, language: Language) -> str:
    """The balance of the supply area, measured: means of a year, no surplus of any hour."""
    t = translator(language)
    if answer.area is None or not answer.balance:
        return t("The supply area is not known.")
    demand, clean = (answer.balance.get(name, math.nan) for name in ("demand_mean_mw", "decarbonised_mean_mw"))
    said = t(
        "{area}: on average {clean} MW of decarbonised supply for {demand} MW of demand (measured). The load asked for is {share} % of that supply.",
        area=GRID_AREAS[answer.area][language],
        clean=f"{clean:,.0f}",
        demand=f"{demand:,.0f}",
        share=f"{answer.demand.connection_mw / clean * 100:.1f}",
    )
    if "hourly_share" not in answer.balance:
        return said
    return said + t(
        " Hour by hour it meets {share} % of the area's demand; at least {surplus} GWh a year lie beyond demand.",
        share=f"{answer.balance['hourly_share'] * 100:.0f}",
        surplus=f"{answer.balance['beyond_demand_gwh']:,.0f}",
    )


def plans_table(answer: PowerAnswer, language: Language) -> pd.DataFrame:
    """Planned reinforcement that touches the supply area."""
    t, frame = translator(language), answer.plans
    if not len(frame):
        return pd.DataFrame()
    ends = frame["from_area"].map(lambda area: GRID_AREAS[area][language]) + " – "
    return pd.DataFrame(
        {
            t("Works"): frame["name"],
            t("Between"): ends + frame["to_area"].map(lambda area: GRID_AREAS[area][language]),
            t("Added"): [t("unknown") if pd.isna(mw) else f"{mw:,.0f} {t('MW')}" for mw in frame["added_mw"]],
            t("In service"): frame["in_service"].fillna(t("unknown")),
            t("As of"): frame["as_of"],
        }
    )
