"""Answers of a public service at the candidate sites, kept as a layer by 1 km cell."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from ..base import text
from ..country.mesh import GRIDS
from ..errors import GeodataError
from ..files.asking import Polite
from ..layer import IMPORT, Layer, LayerSpec
from ..passport import Passport
from ..sources import services
from ..store.layers import Layers

MOST = 2_000
"""Places asked in one run: a public service is not a bulk source."""

_SERVICES = {
    "jshis": (services.earthquake, "地震動の超過確率（J-SHIS）", "Earthquake probability (J-SHIS)", "防災科研 J-SHIS"),
    "gsi_elevation": (services.elevation, "標高（地理院標高API）", "Elevation (GSI API)", "国土地理院"),
}
_UNITS = {"quake_6lower_30y_pct": "%", "quake_6upper_30y_pct": "%", "elevation_m": "m"}


def sample(  # noqa: PLR0913  (one run of one service)
    service: str,
    layer_id: str,
    store: Layers,
    prefectures: tuple[str, ...],
    *,
    client: Polite | None = None,
    tell: Callable[[int, int], None] = lambda _k, _n: None,
) -> Layer:
    """Ask once per 1 km cell that holds a candidate site; GeodataError for an unknown service or too many places."""
    if service not in _SERVICES:
        raise GeodataError("service {service!r}: expected one of {known}.", service=service, known=", ".join(_SERVICES))
    asked, ja, en, credit = _SERVICES[service]
    sites = gpd.GeoDataFrame(store.layer("candidate_sites").frame)
    sites = sites[sites["pref_code"].isin(prefectures)]
    grid = GRIDS["1km"]
    codes = grid.encode(*grid.locate(sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()))
    cells = pd.Series(codes).drop_duplicates()
    if not 0 < len(cells) <= MOST:
        raise GeodataError(
            "{service}: expected 1 to {MOST} places, found {n}. Choose prefectures.",
            service=service,
            MOST=MOST,
            n=len(cells),
        )
    lon, lat = (part[cells.index] for part in (sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy()))
    asker = client or services.client(store.cache_dir("services"), tell=store.tell)
    parts = []
    for number in range(len(cells)):
        tell(number, len(cells))
        parts.append(asked(lon[number : number + 1], lat[number : number + 1], asker))
    frame = pd.concat(parts, ignore_index=True).assign(mesh_code=cells.to_numpy())
    return _layer(layer_id, frame[["mesh_code", *parts[0].columns]], text(ja, en), credit)


def _layer(layer_id: str, frame: pd.DataFrame, title: object, credit: str) -> Layer:
    names = [str(column) for column in frame]
    numeric = [c for c in names if frame[c].dtype == np.float64]
    spec = LayerSpec.model_validate(
        {
            "id": layer_id,
            "title": title,
            "theme": "facts",
            "geometry": "none",
            "connector": IMPORT,
            "key": "mesh_code",
            "fields": {
                c: {"dtype": "float" if c in numeric else "string", "unit": _UNITS.get(c), "title": {"ja": c, "en": c}}
                for c in names
            },
            "licence": "terms of the service (credit)",
            "attribution": credit,
            "reference_date": datetime.now(UTC).date().isoformat(),
            "status": "estimated",
            "inventory": "partial",
            "inventory_note": {"ja": "候補地のあるメッシュだけ", "en": "only cells that hold a candidate site"},
        }
    )
    version = hashlib.sha256(frame.to_csv().encode() + spec.model_dump_json().encode()).hexdigest()[:16]
    passport = Passport.model_validate(spec.model_dump(include=set(Passport.model_fields)))
    return Layer(spec, frame, passport, "imported", version, datetime.now(UTC).isoformat(timespec="seconds"), ())
