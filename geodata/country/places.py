"""Which municipality a text names, and how exactly: 福井県坂井市, 丹生郡越前町, 港北区, a former town or a whole address."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import pandas as pd

from .codes import PREFECTURE_CODES, prefectures

Level = Literal["town", "municipality", "ward", "former"]
"""What a text named: a town inside, the municipality itself, a ward of a designated city, or a name until a merger."""

Position = tuple[float, float]

_KE = re.compile(r"(?<=[一-龥々ぁ-ん])[ヶケヵカガが](?=[一-龥々])")
_NO = re.compile(r"(?<=[一-龥々])[之のノ](?=[一-龥々])")
_VARIANTS = str.maketrans(
    "龍澤濱邊邉廣髙﨑嶋嶌國櫻齋齊瀧鰺曾舘檮篭諌淵竈竃禮藪壺桧鷗眞豐與惠縣區釜條",
    "竜沢浜辺辺広高崎島島国桜斉斉滝鯵曽館梼籠諫渕釜釜礼薮壷檜鴎真豊与恵県区釜条",
)
_SELECTORS = re.compile("[\U000e0100-\U000e01ef\ufe00-\ufe0f]")
_AHEAD = re.compile(r"^(〒?\d{3}-\d{4}|\d{1,6}(\.0)?[._:・-]?(?=\D))")
_COUNTY = re.compile(r"^.{1,6}?郡(?=.+[町村])")
_BRANCH = re.compile(r"^.{1,6}(支庁|振興局)(管内)?")
_PART = re.compile(r"^(大字|字)")
_BLOCK = re.compile(r"([一二三四五六七八九十]+)(?=丁目)")
_BETWEEN = re.compile(r"[・、,/&+~]|(?<=[市区町村])(?:及び|および|並びに|ならびに|と)|\s+(?=\S+市(?:\s|$))")
"""What stands between the names of several municipalities in one cell."""

_BLOCK_SHORT = re.compile(r"(?<=\D)(\d{1,2})(?=-)")
_DIGITS = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}
_NORTHERN = {"01696"}
"""泊村 of 国後島: the one name that a prefecture has twice, where nobody can build."""


class Place(NamedTuple):
    """A municipality by its five-digit code, what the text named, and where that town lies (degrees), when it is known."""

    code: str
    level: Level
    position: Position | None = None


@dataclass(frozen=True)
class Places:
    """Names of municipalities, wards, former municipalities and, where the user brought them, towns."""

    names: Mapping[str, list[tuple[str, Level]]]
    towns: Mapping[str, Mapping[str, Position]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        municipalities: pd.DataFrame,
        *,
        mergers: Iterable[tuple[str, str]] = (),
        towns: Iterable[tuple[str, str, Position]] = (),
    ) -> "Places":
        """
        From the columns muni_code and name of a layer, with our wards and former names.

        `mergers` are former names, each with a code that holds today; `towns` are code, name and position.
        """
        names: dict[str, list[tuple[str, Level]]] = {}
        rows = municipalities[["muni_code", "name"]].astype("str").itertuples(index=False)
        codes = set(municipalities["muni_code"])
        levels: tuple[tuple[Level, Iterable[tuple[str, str]]], ...] = (
            ("municipality", ((name, code) for code, name in rows if code not in _NORTHERN)),
            ("ward", _embedded("wards")),
            ("former", (*_embedded("former"), *mergers)),
        )
        for level, entries in levels:
            for name, code in entries:
                held = names.setdefault(spelt(name), [])
                if code in codes and code not in {other for other, _ in held}:
                    held.append((code, level))
        spellings = dict(
            zip(municipalities["muni_code"], municipalities["name"].astype("str").map(_narrow), strict=True)
        )
        return cls(names, _by_city(towns), spellings)

    def find(self, text: str, prefecture: str = "") -> Place | None:
        """
        The municipality that a name or an address begins with; None when there is none, or several of the name.

        `prefecture` is its code or name, "" = not known; one that the text itself names must agree with it. A text that names
        several municipalities (福井市・坂井市) names none.
        """
        return None if self.several(text, prefecture) else self._first(text, prefecture)

    def several(self, text: str, prefecture: str = "") -> bool:
        """Whether a text names more than one municipality, one after the other."""
        parts = _BETWEEN.split(unicodedata.normalize("NFKC", text).strip())
        if len(parts) == 1:
            return False
        of = prefecture or next(_readings(spelt(text)))[0] or ""
        cities = [part for part in parts if spelt(part).endswith("市")]
        tried = [*((part, of) for part in parts), *((city, "") for city in cities)]
        return len({place.code for part, own in tried if (place := self._first(part, own)) is not None}) > 1

    def _first(self, text: str, prefecture: str) -> Place | None:
        plain = _AHEAD.sub("", spelt(text))
        asked = prefecture_of(prefecture)
        for code, rest in _readings(plain):
            if asked is None or code is None or code == asked:
                below = _BRANCH.sub("", rest)
                for tried in dict.fromkeys((_COUNTY.sub("", below), below, rest)):
                    found = self._at_start(tried, code or asked, _narrow(text))
                    if found is not None:
                        return found
        return None

    def _at_start(self, text: str, prefecture: str | None, said: str) -> Place | None:
        """The longest name at the start; former towns and villages, of which we do not know all, only within a prefecture."""
        for end in range(len(text), 1, -1):
            sure = prefecture is not None or text[end - 1] == "市"
            held = [
                (code, level)
                for code, level in self.names.get(text[:end], [])
                if prefecture in {None, code[:2]} and (sure or level != "former")
            ]
            if held:
                return self._one(self._as_said(held, said), text, end, known=prefecture is not None)
        return None

    def _as_said(self, held: list[tuple[str, Level]], said: str) -> list[tuple[str, Level]]:
        """Of names that differ in an old character only (鹿嶋市, 鹿島市) the one that the text spells; all when it spells none."""
        same = [
            (code, level) for code, level in held if level != "municipality" or self.spellings.get(code, "") in said
        ]
        return same or held

    def _one(self, held: list[tuple[str, Level]], text: str, end: int, *, known: bool) -> Place | None:
        """The only municipality of a name; within a prefecture a present name goes before a ward and a former one."""
        present = [(c, level) for c, level in held if level != "former"] or held
        if known:
            present = [(c, level) for c, level in present if level == present[0][1]]
        if len({code for code, _ in present}) != 1:
            return None
        code, level = present[0]
        towns = self.towns.get(code, {})
        rests = (text[end:], text, re.sub(r"^.{1,5}?区", "", text[end:]))
        for part in dict.fromkeys(
            form for rest in rests for form in (_BLOCK_SHORT.sub(r"\1丁目", _town(rest)), _town(rest))
        ):
            town = next((part[:n] for n in range(len(part), 0, -1) if part[:n] in towns), None)
            if town is not None:
                return Place(code, "town", towns[town])
        return Place(code, level)


def city_of(code: str) -> str:
    """The designated city of a ward's code; any other code is its own."""
    cities = [city for city in _wards() if city[:2] == code[:2] and city <= code]
    return max(cities) if cities and code[2] == "1" else code


def prefecture_of(text: str) -> str | None:
    """Code of the prefecture that a whole text names: 18, 福井県, 福井, 北　海　道 or 01 北海道; None for anything else."""
    plain = spelt(text)
    if re.fullmatch(r"\d{1,2}", plain):
        return plain.zfill(2) if plain.zfill(2) in PREFECTURE_CODES else None
    return _prefecture_names().get(_AHEAD.sub("", plain))


def spelt(text: str) -> str:
    """A name without spaces, in one width, with one spelling of ヶ ケ が, of の ノ 之 and of old and new characters."""
    return _NO.sub("ノ", _KE.sub("ケ", _narrow(text).translate(_VARIANTS)))


def _narrow(text: str) -> str:
    """A text without spaces, in one width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", _SELECTORS.sub("", text)))


def _readings(text: str) -> Iterator[tuple[str | None, str]]:
    """Code of the prefecture that a text begins with, and what follows; its short form only after the text as it stands."""
    code = next((code for name, code in _whole_names().items() if text.startswith(name)), None)
    if code is not None:
        yield code, text.removeprefix(next(name for name, own in _whole_names().items() if own == code))
        return
    yield None, text
    for name, short in _prefecture_names().items():
        if text.startswith(name):
            yield short, text.removeprefix(name)


def _by_city(towns: Iterable[tuple[str, str, Position]]) -> dict[str, dict[str, Position]]:
    """Positions of towns by city and name; a name that two wards of a city have is left out."""
    held: dict[tuple[str, str], dict[str, Position]] = {}
    for code, name, position in towns:
        held.setdefault((city_of(code), _town(name)), {}).setdefault(code, position)
    inside: dict[str, dict[str, Position]] = {}
    for (city, name), by_ward in held.items():
        if len(by_ward) == 1:
            inside.setdefault(city, {})[name] = next(iter(by_ward.values()))
    return inside


def _town(text: str) -> str:
    """A town as it is compared: without 大字, 丁目 in Arabic digits."""
    return _BLOCK.sub(lambda found: str(_number(found[1])), _PART.sub("", spelt(text)))


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


@cache
def _whole_names() -> dict[str, str]:
    return {spelt(str(name)): str(code) for code, name in prefectures()["name"].items()}


@cache
def _prefecture_names() -> dict[str, str]:
    """Code by name, with and without 都, 府 and 県."""
    return _whole_names() | {name[:-1]: code for name, code in _whole_names().items() if name != "北海道"}


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads((files(__package__) / "names.toml").read_text("utf-8"))


def _wards() -> dict[str, str]:
    return _tables()["wards"]


def _embedded(table: str) -> Iterator[tuple[str, str]]:
    """Name and code of a table of ours."""
    return ((name, code) for code, names in _tables()[table].items() for name in names.split())
