"""The firm's own base: places that a scenario names, and the criterion that measures how far they are."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from geodata.base import Strict, Text

from ..errors import PlannerError
from ..measure.criterion import Place
from ..measure.verbs.road_min import RoadMinFrom
from ..model.values import Linear
from .criteria import criteria

BASE_ID = "base_min"
BRANCH = "access"
_HIGHEST_LATITUDE = 46.0
_DEFAULT = "The mean weight of its branch: own plants stand first in siting surveys; the figure is ours."


class OwnPlace(Strict):
    """A place of the user's own: a plant, a customer, a supplier, a port."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    lon: Annotated[float, Field(ge=122, le=154.1)]
    lat: Annotated[float, Field(ge=20, le=46)]


def base_criterion(places: Sequence[OwnPlace]) -> RoadMinFrom:
    """Minutes by car to the place reached first."""
    return RoadMinFrom(
        id=BASE_ID,
        branch=BRANCH,
        title=Text(ja="自社の拠点・取引先までの所要時間", en="Minutes by car to the firm's own places"),
        unit="min",
        places=tuple(Place(name=Text(ja=p.name, en=p.name), lon=p.lon, lat=p.lat) for p in places),
        direction="less",
        value=Linear(worst=120.0, best=20.0),
        why=Text(
            ja="立地の調査では、自社の他の工場や取引先に近いことが最も重い。",
            en="In siting surveys nearness to own plants and customers stands first.",
        ),
        caveat=Text(
            ja="名指しした場所のうち最も早く着くところまで。道路網がなければ直線距離からの推定で幅が広い。渋滞は見ていない。",
            en="To the named place reached first; without the road layer an estimate from the straight line with wide bounds. No congestion.",
        ),
    )


def in_order(first: float, second: float) -> tuple[float, float]:
    """Latitude and longitude of two degrees in either order: in Japan one is below 46, the other above 122."""
    return (second, first) if first > _HIGHEST_LATITUDE else (first, second)


def read_place(text: str) -> OwnPlace:
    """A place written as NAME=LAT,LON, or with the two the other way round; PlannerError when it is not one in Japan."""
    name, _, position = text.partition("=")
    try:
        lat, lon = in_order(*(float(part) for part in position.split(",")))
        return OwnPlace(name=name.strip(), lat=lat, lon=lon)
    except (TypeError, ValueError) as error:
        raise PlannerError(
            "place {given!r}: expected NAME=LAT,LON in Japan, such as Plant 1=32.886,130.842. Correct it.",
            given=text,
        ) from error


def read_places(text: str) -> dict[str, tuple[float, float]]:
    """Latitude and longitude by name, of one place per line; PlannerError names the line that is none."""
    places = [read_place(line) for line in text.splitlines() if line.strip()]
    return {place.name: (place.lat, place.lon) for place in places}


def with_base(table: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's plain data in which places have a weight: that of the user, else the mean of their branch."""
    out = dict(table)
    chosen = dict(out.get("criteria") or {})
    if not out.get("places") or BASE_ID in chosen:
        return out
    known = criteria()
    weights = [_weight(choice) for id_, choice in chosen.items() if id_ in known and known[id_].branch == BRANCH]
    counted = [weight for weight in weights if weight > 0]
    mean = sum(counted) / len(counted) if counted and BRANCH in (out.get("branches") or {}) else 0.0
    out["criteria"] = {**chosen, BASE_ID: {"weight": mean, "basis": "assumption", "source": _DEFAULT}}
    return out


def _weight(choice: Any) -> float:
    return float(choice["weight"] if isinstance(choice, Mapping) else choice.weight)
