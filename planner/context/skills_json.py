"""A skills answer as plain data."""

import math
from typing import Any

import numpy as np

from ..model.assumptions import Range, three
from ..skills.assumptions import written
from ..skills.industries import EDUCATIONS, OCCUPATIONS, TECHNICAL
from .skills import SkillsAnswer
from .skills_words import at


def as_json(answer: SkillsAnswer) -> dict[str, Any]:
    """The whole answer as plain data: every range low, middle, high; unknown is null."""
    supply, gap = answer.supply, answer.gap
    table: dict[str, Any] = {
        "place": {
            "name": answer.spot.place.name,
            "lon": answer.spot.place.lon,
            "lat": answer.spot.place.lat,
            "muni_code": answer.spot.place.muni_code,
        },
        "work": answer.work.model_dump(mode="json"),
        "as_of": written()[0],
        "need": {
            "jobs": answer.need.jobs,
            "n": answer.need.rate.n,
            "basis": answer.need.rate.basis,
            "sources": answer.need.rate.sources,
            "occupations": _by(OCCUPATIONS, lambda k: three(answer.need.by_occupation[:, k])),
            "education": _by(EDUCATIONS, lambda k: three(answer.need.by_education[:, k])),
            "building": answer.need.building,
        },
        "by_year": answer.by_year.to_dict("records"),
        "schools": answer.schools.to_dict("records"),
        "moves": [
            {"target": one.target, "feeders": one.feeders.to_dict("records"), "courses": one.courses.to_dict("records")}
            for one in answer.moves
        ],
        "routes": answer.routes.to_dict("records"),
        "later_pct": {str(year): values for year, values in answer.later.items()},
        "openings_per_seeker": answer.openings,
        "answers": list(answer.answers),
        "planned": answer.planned.to_dict("records"),
        "layers": [lock.model_dump(mode="json") for lock in answer.locks],
    }
    if supply is not None and gap is not None:
        table["supply"] = {
            **{name: at(part) for name, part in supply.counts.items()},
            "employed_by_occupation": _by(OCCUPATIONS, lambda k: at(supply.employed, k)),
            "on_the_market": _by(OCCUPATIONS, lambda k: at(supply.available, k)),
            "graduates": _by(TECHNICAL, lambda k: at(supply.graduates, k)),
            "index": at(supply.index),
            "by_road": bool(supply.reach.by_road.min() > 0),
        }
        table["gap"] = {
            "fill": _by(OCCUPATIONS, lambda k: at(gap.fill, k)),
            "pressure_pct": _by(OCCUPATIONS, lambda k: at(gap.pressure, k)),
            "scarcest": OCCUPATIONS[int(gap.scarcest[0])] if gap.scarcest[0] >= 0 else None,
            "least_fill": at(gap.least_fill),
            "years": _by(TECHNICAL, lambda k: at(gap.years, k)),
            "years_all": at(gap.years_all),
        }
    return dict(_plain(table))


def _by(names: Any, value: Any) -> dict[str, Range]:
    return {name: value(k) for k, name in enumerate(names)}


def _plain(value: Any) -> Any:
    """Numbers that JSON can hold: what is unknown or endless is null."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
