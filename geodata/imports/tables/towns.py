"""Which municipality a text names: 福井県坂井市, 丹生郡越前町 and whole addresses."""

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

from ...country.codes import prefectures

_COUNTY = re.compile(r"^[^市区町村0-9]{1,5}郡")
_KE = re.compile(r"(?<=[一-龥々])[ヶケガが](?=[一-龥々])")


@dataclass(frozen=True)
class Towns:
    """Municipalities by name: rows of a layer, each with its prefecture."""

    names: dict[str, list[int]]
    prefecture: list[str]

    @classmethod
    def of(cls, municipalities: pd.DataFrame) -> "Towns":
        """From the layer's columns name and, where it has it, pref_code."""
        names: dict[str, list[int]] = {}
        for row, name in enumerate(municipalities["name"].astype("str")):
            names.setdefault(spelt(name), []).append(row)
        known = municipalities.get("pref_code", pd.Series("", index=municipalities.index))
        return cls(names, known.astype("str").to_list())

    def find(self, text: str) -> int | None:
        """Row of the municipality that a name or an address begins with; None when there is none or several of the name."""
        plain, code = _without_prefecture(spelt(text))
        for tried in (plain, _COUNTY.sub("", plain)):
            rows = next((self.names[tried[:n]] for n in range(len(tried), 1, -1) if tried[:n] in self.names), [])
            here = [row for row in rows if code is None or self.prefecture[row] in {code, ""}]
            if len(here) == 1:
                return here[0]
        return None


def spelt(text: str) -> str:
    """A name without spaces, in one width, with one spelling of ヶ, ケ and が."""
    return _KE.sub("ケ", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def _without_prefecture(text: str) -> tuple[str, str | None]:
    for code, name in prefectures()["name"].items():
        if text.startswith(name) and len(text) > len(name):
            return text.removeprefix(name), str(code)
    return text, None
