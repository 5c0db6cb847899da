"""Real siting choices: where such plants were built or decided, read from the product's own list or a file of the user's."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geodata import GeodataError, Layers
from geodata.base import Text
from geodata.imports.features import check_positions, read_features
from geodata.imports.report import Report

from ..errors import PlannerError
from ..i18n import Language
from .candidates import towns_of

LAYER = "real_choices"
"""The list that comes with the product."""

FIELDS: dict[str, Text] = {
    "all": Text(ja="すべての分野", en="All fields"),
    "aerospace": Text(ja="航空宇宙", en="Aerospace"),
    "automotive": Text(ja="自動車", en="Automotive"),
    "battery": Text(ja="蓄電池", en="Batteries"),
    "bio": Text(ja="バイオ", en="Bio"),
    "casting": Text(ja="鋳造・鍛造", en="Casting and forging"),
    "complex": Text(ja="コンビナート", en="Complexes"),
    "content": Text(ja="コンテンツ", en="Content"),
    "datacentre": Text(ja="データセンター", en="Data centres"),
    "defence": Text(ja="防衛", en="Defence"),
    "food": Text(ja="食品", en="Food"),
    "fusion": Text(ja="核融合", en="Fusion"),
    "hydrogen": Text(ja="水素", en="Hydrogen"),
    "machinery": Text(ja="機械", en="Machinery"),
    "material": Text(ja="素材", en="Materials"),
    "pharma": Text(ja="医薬品", en="Pharmaceuticals"),
    "ports": Text(ja="港湾", en="Ports"),
    "quantum": Text(ja="量子", en="Quantum"),
    "semiconductor": Text(ja="半導体", en="Semiconductors"),
    "shipbuilding": Text(ja="造船", en="Shipbuilding"),
    "steel": Text(ja="鉄鋼", en="Steel"),
    "telecom": Text(ja="通信", en="Telecom"),
}
"""Fields of the product's own list and what they are called; a file of a user's may name others."""

_BY_TITLE = {name.casefold(): id_ for id_, title in FIELDS.items() for name in (id_, title.ja, title.en)}
_HEADINGS = {"分野": "field", "年": "year", "状態": "status", "状況": "status"}
_NOT_CHOSEN = r"clos|cancel|not built|withdr|中止|閉鎖|撤退|撤回|白紙"
_YEAR = r"((?:18|19|20)\d\d)"


@dataclass(frozen=True)
class RealChoices:
    """
    Choices that stand: one row each, sorted by name.

    `table` holds name, field, lon, lat (degrees, JGD2011), accuracy_m (0 where not stated) and year (NaN = unknown);
    `dropped` counts rows closed, cancelled or not built; `source` is the file's name, or the layer's id.
    """

    table: pd.DataFrame
    dropped: int
    source: str

    def digest(self) -> str:
        """SHA-256 of the rows."""
        return hashlib.sha256(self.table.to_json(orient="records", force_ascii=False).encode()).hexdigest()


def field_title(field: str, language: Language) -> str:
    """What a field is called; one that is not known as the file writes it."""
    return str(FIELDS[field][language]) if field in FIELDS else field


def known_choices(store: Layers) -> RealChoices:
    """The product's own list."""
    layer = store.layer(LAYER)
    return _choices(layer.frame.assign(lon=layer.geometry.x, lat=layer.geometry.y), LAYER)


def read_choices(path: Path, store: Layers) -> RealChoices:
    """
    Choices of a file.

    Parameters
    ----------
    path
        CSV, Excel, GeoJSON, GeoPackage or Shapefile with a position and `field` (分野) per row; `name`, `year`,
        `status` and `accuracy_m` where they are known.
    store
        Whose municipalities place a row without coordinates.

    Returns
    -------
    choices
        Without those closed, cancelled or not built.

    Raises
    ------
    PlannerError
        If the file cannot be read, a row has no place in Japan, or no row says its field.
    """
    try:
        frame = read_features(path, Report(file=path.name, kind="choices"), municipalities=towns_of(store))
        check_positions(frame, path)
    except GeodataError as error:
        raise PlannerError("{error}", error=error) from error
    known = {heading: name for heading, name in _HEADINGS.items() if heading in frame and name not in frame}
    frame = frame.rename(columns=known)
    if "field" not in frame or frame["field"].isna().all():
        raise PlannerError(
            "{path}: expected a column `field` (分野) with semiconductor, battery, datacentre, …; found {found}. Add it.",
            path=path,
            found=", ".join(str(column) for column in frame.columns if column != "geometry") or "none",
        )
    inner = frame.geometry.representative_point()
    return _choices(pd.DataFrame(frame.drop(columns="geometry")).assign(lon=inner.x, lat=inner.y), path.name)


def _field(written: str) -> str:
    """The id of a field that is known by its id or title, in either language; any other as it is written."""
    return _BY_TITLE.get(written.casefold(), written)


def _choices(frame: pd.DataFrame, source: str) -> RealChoices:
    gone = (
        frame.get("status", pd.Series("", index=frame.index))
        .fillna("")
        .astype("str")
        .str.contains(_NOT_CHOSEN, case=False, regex=True)
    )
    kept = frame[~gone]
    blank = pd.Series("", index=kept.index)
    year = kept.get("year", blank).astype("str").str.extract(_YEAR, expand=False)
    table = pd.DataFrame(
        {
            "name": kept.get("name", blank).fillna("").astype("str"),
            "field": kept["field"].fillna("").astype("str").str.strip().map(_field),
            "lon": kept["lon"].astype(float),
            "lat": kept["lat"].astype(float),
            "accuracy_m": pd.to_numeric(kept.get("accuracy_m", blank), errors="coerce").fillna(0.0).clip(lower=0),
            "year": pd.to_numeric(year, errors="coerce").astype(float),
        }
    )
    order = table.sort_values(["field", "name", "lon", "lat"], kind="stable", ignore_index=True)
    if order.empty:
        raise PlannerError("{source}: no choice is left: every row is closed, cancelled or not built.", source=source)
    return RealChoices(order, int(gone.sum()), source)
