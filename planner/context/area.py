"""An area that a plan or a field is looked at in: a block, prefectures, or municipalities, by code or name."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata import Layers
from geodata.country import crs
from geodata.country.codes import prefectures
from geodata.country.places import city_of

from ..errors import PlannerError
from ..i18n import Language
from ..measure.candidates import CandidateChoice, load_candidates

_PREFECTURE = 2


@dataclass(frozen=True)
class Area:
    """Prefectures as a whole, or some municipalities; `title` in both languages, `block` where it is one."""

    title_ja: str
    title_en: str
    prefectures: tuple[str, ...]
    municipalities: tuple[str, ...] = ()
    block: str = ""

    def title(self, language: Language) -> str:
        """Its name."""
        return self.title_ja if language == "ja" else self.title_en

    def holds(self, codes: pd.Series) -> pd.Series:
        """Whether each municipality, or prefecture as a whole, lies in it; wards lie in their city."""
        text = codes.fillna("").astype("str")
        if not self.municipalities:
            return text.str[:_PREFECTURE].isin(self.prefectures)
        return text.isin(self.municipalities) | text.map(city_of).isin(self.municipalities)


def area_of(layers: Layers, named: str) -> Area:
    """
    An area by a block (KYS), prefectures (43 or 熊本県) or municipalities (43404 or 菊陽町), several joined by commas.

    PlannerError says which part is none.
    """
    parts = [part.strip() for part in named.replace("、", ",").split(",") if part.strip()]
    if not parts:
        raise PlannerError("region {named!r}: expected a block, prefecture or municipality. Name one.", named=named)
    table = prefectures()
    if len(parts) == 1:
        block = table[
            table["block_code"].eq(parts[0].upper()) | table["block"].eq(parts[0]) | table["block_en"].eq(parts[0])
        ]
        if len(block):
            row = block.iloc[0]
            return Area(str(row["block"]), str(row["block_en"]), tuple(block.index), (), str(row["block_code"]))
    codes = [_prefecture(part) for part in parts]
    if all(codes):
        found = [code for code in codes if code]
        return Area("・".join(table.loc[found, "name"]), ", ".join(table.loc[found, "name_en"]), tuple(sorted(found)))
    towns = load_candidates(CandidateChoice(kind="municipalities"), layers).table["name"]
    return _of_towns([_town(part, towns) for part in parts], towns)


def area_of_codes(
    layers: Layers, prefs: tuple[str, ...], municipalities: tuple[str, ...] = (), block: str = ""
) -> Area:
    """The same from codes alone."""
    return area_of(layers, block or ",".join(municipalities or prefs))


def municipality_codes(layers: Layers, frame: pd.DataFrame) -> pd.Series:
    """Code of the municipality of each row: its own, else that whose inner point is nearest to the row's point."""
    own = frame["muni_code"].fillna("").astype("str") if "muni_code" in frame else pd.Series("", frame.index)
    lacking = own.eq("") & pd.Series("geometry" in frame, frame.index)
    if not lacking.any():
        return own
    towns = load_candidates(CandidateChoice(kind="municipalities"), layers).table
    lon, lat = towns["lon"].to_numpy(float), towns["lat"].to_numpy(float)
    found = [
        str(towns.index[int(np.argmin(crs.geodesic_m(point.x, point.y, lon, lat)))])
        for point in frame.loc[lacking, "geometry"]
    ]
    return own.where(~lacking, pd.Series(found, frame.index[lacking]).reindex(frame.index))


def _prefecture(part: str) -> str | None:
    table = prefectures()
    if part.zfill(_PREFECTURE) in table.index:
        return part.zfill(_PREFECTURE)
    named = table.index[
        table["name"].eq(part) | table["name_en"].str.lower().eq(part.lower()) | table["name"].str[:-1].eq(part)
    ]
    return str(named[0]) if len(named) else None


def _town(part: str, towns: pd.Series) -> str:
    if part in towns.index:
        return part
    found = list(towns.index[towns.eq(part)])
    if len(found) != 1:
        raise PlannerError(
            "region {part!r}: expected a block such as KYS, a prefecture or a municipality by code or name, found {n} of that name ({known}). Give the code.",
            part=part,
            n=len(found),
            known=", ".join(found) or "–",
        )
    return str(found[0])


def _of_towns(codes: list[str], towns: pd.Series) -> Area:
    names = [str(towns[code]) for code in codes]
    said = "・".join(names)
    return Area(said, said, tuple(sorted({code[:2] for code in codes})), tuple(codes))
