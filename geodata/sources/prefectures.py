"""Tables by prefecture or municipality without geometry: people, manufacturing, hazard, solar."""

import pandas as pd

from ..base import text
from ..country.codes import prefectures
from ..errors import FormatError, phrase
from ..files.tables import numbers, read_csv
from ..layer import Reading, Step
from .inputs import Inputs, reading

_SSDS = {"item_code", "year", "prefecture_code", "value"}
_OCCUPATIONS = tuple(f"F{number}" for number in range(2613, 2624))
_SHARES = {
    "share_management_pct": "F2613",
    "share_professional_pct": "F2614",
    "share_clerical_pct": "F2615",
    "share_sales_pct": "F2616",
    "share_service_pct": "F2617",
    "share_security_pct": "F2618",
    "share_farming_pct": "F2619",
    "share_production_pct": "F2620",
    "share_transport_pct": "F2621",
    "share_construction_pct": "F2622",
    "share_handling_pct": "F2623",
}
_CENSUS_YEAR = 2020


def series(inputs: Inputs) -> Reading:
    """Latest value per prefecture; occupations as shares, because census levels leave out the unclassifiable."""
    labour, people = _ssds(inputs, "labour_market"), _ssds(inputs, "occupation_by_prefecture")
    school, works = _ssds(inputs, "education_by_prefecture"), _ssds(inputs, "manufacturing_by_prefecture")
    movers = _wide(inputs, "ssds_prefecture_all_items", "F420211")
    census = people[people["year"].eq(_CENSUS_YEAR)].pivot_table(index="pref_code", columns="item_code", values="value")
    classified = census[list(_OCCUPATIONS)].sum(axis=1)
    out = pd.DataFrame(
        {
            "openings_per_seeker": _latest(labour, "F3103") / _latest(labour, "F3102"),
            **{name: census[code] / classified * 100 for name, code in _SHARES.items()},
            "high_school_graduates_employed": _latest(school, "E4604"),
            "university_students": _latest(school, "E6302"),
            "shipments_100m_yen": _latest(works, "C3401") / 100,
            "establishments_manufacturing": _latest(works, "C3403"),
            "population_2040_index": _projection(inputs),
            "movers_pct": movers,
            "school_leavers_to_work_pct": _latest(school, "E4604") / _latest(school, "E4601") * 100,
            "school_leavers_stay_pct": _latest(school, "E460410") / _latest(school, "E4604") * 100,
            "university_graduates": _latest(school, "E6502"),
        }
    )
    note = text("分類不能の職業を割合の分母から除外", "unclassifiable occupations left out of the shares")
    return reading(
        out.rename_axis("pref_code").reset_index(), Step("dropped", int(people["item_code"].eq("F2624").sum()), note)
    )


def hazard(inputs: Inputs) -> Reading:
    """Prefectural summary, for the region page."""
    name, path = next(iter(inputs.files.items()))
    columns = {
        "prefecture_code": "pref_code",
        "quake_i6lower_30y_pct_median_municipality": "quake_6lower_30y_pct",
        "landslide_warning_zones_per_km2": "landslide_zones_per_km2",
        "flood_damage_mean_2014_2023_jpy_million_per_km2": "flood_damage_m_yen_per_km2",
    }
    table = read_csv(path, columns=set(columns), name=name).rename(columns=columns)
    rest = table.columns.drop("pref_code")
    return Reading(table.assign(**{column: numbers(table[column]) for column in rest}))


def solar_by_municipality(inputs: Inputs) -> Reading:
    """FIT/FIP solar in operation, joined to municipality codes by prefecture and name; what does not join is counted."""
    name, path = next(iter(inputs.files.items()))
    table = read_csv(path, columns={"pref", "muni", "pv_total_kw"}, name=name)
    places = inputs.layer("municipalities").frame
    prefecture = prefectures()["name"]
    codes = places.assign(pref=places["pref_code"].map(prefecture))[["pref", "name", "muni_code"]]
    joined = table.merge(codes, left_on=["pref", "muni"], right_on=["pref", "name"], how="left")
    lost = joined["muni_code"].isna()
    twice = joined.duplicated("muni_code") & ~lost
    out = joined[~lost & ~twice]
    return reading(
        pd.DataFrame(
            {"muni_code": out["muni_code"], "name": out["muni"], "solar_mw": numbers(out["pv_total_kw"]) / 1000}
        ),
        Step("dropped", int(lost.sum()), text("市町村名がコードに対応しない行", "rows whose name has no code")),
        Step("merged", int(twice.sum()), text("同じ市町村の重複", "repeated municipalities")),
    )


def _ssds(inputs: Inputs, start: str) -> pd.DataFrame:
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith(start))
    table = read_csv(path, columns=_SSDS, name=name)
    return pd.DataFrame(
        {
            "item_code": table["item_code"],
            "pref_code": table["prefecture_code"].str.zfill(2),
            "year": numbers(table["year"]),
            "value": numbers(table["value"]),
        }
    )


def _latest(table: pd.DataFrame, code: str) -> pd.Series:
    known = table[table["item_code"].eq(code) & table["value"].notna()].sort_values("year")
    return known.drop_duplicates("pref_code", keep="last").set_index("pref_code")["value"]


def _wide(inputs: Inputs, start: str, code: str) -> pd.Series:
    """Latest year of one item of the table that has a column per prefecture."""
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith(start))
    table = read_csv(path, columns={"item_code", "year"}, name=name)
    years = table[table["item_code"].eq(code)].sort_values("year")
    if not len(years):
        raise FormatError(
            name,
            expected=phrase("item {code}", code=code),
            found=phrase("no such code"),
            remedy="The edition may differ from the one in the catalogue.",
        )
    latest = years.iloc[-1]
    return numbers(latest[latest.index.str.fullmatch(r"\d{2}")]).rename_axis("pref_code")


def _projection(inputs: Inputs) -> pd.Series:
    name, path = next((n, p) for n, p in inputs.files.items() if n.startswith("prefecture_ipss"))
    table = read_csv(path, columns={"pref_code", "year", "population_persons"}, name=name)
    persons = table.assign(persons=numbers(table["population_persons"])).pivot_table(
        index="pref_code", columns="year", values="persons"
    )
    return persons["2040"] / persons["2025"] * 100
