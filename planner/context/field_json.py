"""The answer on a field as plain data for programs: null is unknown."""

from typing import Any

import numpy as np
import pandas as pd

from ..fields.chains import share_here
from ..fields.needs import KINDS
from ..fields.ripple import AREA, REST
from .field_cluster import FieldAnswer


def as_json(answer: FieldAnswer) -> dict[str, Any]:
    """Every figure with its unit in the key; firms that are private are left out."""
    every, essential = share_here(answer.chain)
    public = answer.firms[answer.firms["private"].ne("yes")]
    concentration, largest, suppliers = answer.supply
    return {
        "field": answer.field.id,
        "number": answer.field.number,
        "area": {
            "title": answer.area.title_en,
            "prefectures": list(answer.area.prefectures),
            "municipalities": list(answer.area.municipalities),
        },
        "sectors": None if answer.sectors is None else _sectors(answer),
        "chain": {
            "complete_list": answer.complete,
            "share_here": _plain(every),
            "share_essential_here": _plain(essential),
            "stages": _rows(answer.chain),
        },
        "firms": _rows(public.drop(columns=["private", "here", "lon", "lat"])),
        "related_fields": _rows(answer.related),
        "products": {
            name: {"hhi_imports": _plain(i.imports), "hhi_exports": _plain(i.exports), "product": _plain(i.both), "band": i.band or None}
            for name, i in answer.products.items()
        },
        "suppliers": {"hhi": _plain(concentration), "largest_share": _plain(largest), "n": suppliers},
        "degrees": _rows(answer.public_degrees.reset_index()) if len(answer.degrees) else [],
        "needs": {
            kind: {"range": [_plain(v) for v in answer.needs.total(kind)[0]], "unknown_projects": answer.needs.total(kind)[1]}
            for kind in KINDS
        },
        "workers_by_occupation": _rows(answer.needs.occupations().reset_index()),
        "services": _rows(answer.services),
        "points": {id_: _rows(frame.drop(columns="geometry", errors="ignore")) for id_, frame in answer.points.items()},
        "special_zones": _rows(answer.zones),
        "readiness": {name: _plain(value) for name, value in answer.ready.items()},
        "ripple": _ripple(answer),
        "layers": [lock.model_dump(mode="json") for lock in answer.locks],
    }  # fmt: skip


def _sectors(answer: FieldAnswer) -> dict[str, Any]:
    sectors = answer.sectors
    if sectors is None:
        return {}
    return {
        "own_table": sectors.own,
        "of_field": list(sectors.of_field),
        "employees_per_km2": _plain(sectors.density),
        "compared_with_prefectures": sectors.compared,
        "rows": _rows(sectors.table.reset_index()),
    }


def _ripple(answer: FieldAnswer) -> dict[str, Any] | None:
    """Rounds by the table, or the indicative range; null without an amount."""
    if answer.ripple is not None:
        found = answer.ripple
        return {
            "amount_100m_yen": _plain(answer.amount_oku),
            "basis": "input_output",
            "sectors": list(found.economy.sectors),
            "rounds": [[_plain(v) for v in row] for row in found.rounds],
            "output": {region: _plain(found.within(region)) for region in (AREA, REST)},
            "value_added": {region: _plain(found.within(region, found.economy.value_added)) for region in (AREA, REST)},
            "employees": {region: _plain(found.within(region, found.economy.employees)) for region in (AREA, REST)},
        }
    if not answer.indicative:
        return None
    ranges = {region: [_plain(v) for v in values] for region, values in answer.indicative.items()}
    return {"amount_100m_yen": _plain(answer.amount_oku), "basis": "assumed shares, indicative", "output": ranges}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value that JSON has; NaN is null."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value
