"""Sources and what rests on them: the kind of a source decides the label that a reader sees."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from geodata.base import Strict, Text
from geodata.errors import InvalidError

Kind = Literal["ministry", "official", "quoted", "press", "own"]
"""Kinds of source, the firmest first."""

LABELS: dict[Kind, Text] = {
    "ministry": Text(ja="省の文書を確認", en="ministry text read"),
    "official": Text(ja="自治体・事業者の公式ページを確認", en="page of a municipality or operator read"),
    "quoted": Text(
        ja="省の文書を引用した二次資料（原文は未確認）", en="ministry text quoted by another, itself not read"
    ),
    "press": Text(ja="報道・民間サイト", en="press"),
    "own": Text(ja="本ツールの読み方", en="our own reading"),
}

BASES: dict[str, frozenset[Kind]] = {
    "published": frozenset({"ministry"}),
    "reported": frozenset({"official", "quoted", "press"}),
    "calibrated": frozenset(LABELS),
    "assumption": frozenset(LABELS),
}
"""Which kinds of source a number may rest on, by its basis."""

_ORDER: tuple[Kind, ...] = tuple(LABELS)
_OFFICIAL = (
    ".lg.jp",
    "-lg-jp.",
    "city.takaoka.toyama.jp",
    "city.yamaga.kumamoto.jp",
    "kyuden.co.jp",
    "kitakyu-kigyorichi.jp",
)


class Source(Strict):
    """A text that statements rest on."""

    kind: Kind
    date: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}){0,2}$")]
    title: Text
    at: str | None = None
    quotes: Text | None = Field(None, description="The ministry's text that this one quotes and that was not read")

    @model_validator(mode="after")
    def _kind_agrees(self) -> Self:
        if (self.kind == "quoted") != (self.quotes is not None):
            raise InvalidError("a source of kind quoted, and no other, names the ministry's text that it quotes")
        fits = _kinds_at(self.at)
        if self.kind not in fits:
            raise InvalidError(
                "{at}: expected a source of kind {kinds}, found {kind}",
                at=self.at,
                kinds=" / ".join(fits),
                kind=self.kind,
            )
        return self

    def said(self) -> Text:
        """Title, date and what it quotes."""
        ja, en = f"{self.title.ja} {self.date}", f"{self.title.en} {self.date}"
        if self.quotes:
            return Text(ja=f"{ja}、{self.quotes.ja}", en=f"{en} on {self.quotes.en}")
        return Text(ja=ja, en=en)


class Statement(Text):
    """A sentence with the sources that it rests on, by their ids."""

    sources: Annotated[tuple[str, ...], Field(min_length=1)]

    @field_validator("sources")
    @classmethod
    def _known(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        for id_ in ids:
            if id_ not in sources():
                raise InvalidError("source {id!r}: not in planner/model/sources.toml", id=id_)
        return ids

    @property
    def kind(self) -> Kind:
        """Kind of the least firm of its sources."""
        return kind_of(self.sources)

    @property
    def date(self) -> str:
        """Date of the newest of its sources."""
        return max(sources()[id_].date for id_ in self.sources)


@cache
def sources() -> dict[str, Source]:
    """Every source by id."""
    table = tomllib.loads((files(__package__) / "sources.toml").read_text("utf-8"))
    return {id_: Source.model_validate(stanza) for id_, stanza in table.items()}


def kind_of(ids: Iterable[str]) -> Kind:
    """Kind of the least firm of some sources."""
    return max((sources()[id_].kind for id_ in ids), key=_ORDER.index)


def citation(ids: Iterable[str]) -> Text:
    """Sources under the labels of their kinds, the firmest first."""
    found = sorted((sources()[id_] for id_ in ids), key=lambda source: _ORDER.index(source.kind))
    groups = [(LABELS[kind], [s.said() for s in part]) for kind, part in groupby(found, key=lambda source: source.kind)]
    own = LABELS["own"]
    ja = "；".join(
        label.ja if label is own else f"{label.ja}：{'、'.join(t.ja for t in said)}" for label, said in groups
    )
    en = "; ".join(
        label.en if label is own else f"{label.en}: {', '.join(t.en for t in said)}" for label, said in groups
    )
    return Text(ja=ja, en=en)


def joined(statements: Iterable[Statement]) -> Text:
    """Statements as one text, each run on the same sources followed by them in brackets."""
    ja: list[str] = []
    en: list[str] = []
    for ids, run in groupby(statements, key=lambda statement: statement.sources):
        said, cited = list(run), citation(ids)
        ja += [*(statement.ja for statement in said), f"（{cited.ja}）"]
        en += [*(statement.en for statement in said), f"({cited.en})"]
    return Text(ja="".join(ja), en=" ".join(en))


def with_citations(value: Any) -> Any:
    """
    Plain data as it is written in this package, with `sources` told in the texts and numbers that they stand beside.

    A table with `ja`, `en` and `sources` (or a list of such) becomes a text; a number with `basis` and `sources` tells them
    in its `source`. InvalidError when the kind of a source does not bear the basis.
    """
    if isinstance(value, list) and any(isinstance(v, Mapping) and "sources" in v for v in value):
        return joined(Statement.model_validate(v) for v in value).model_dump()
    if not isinstance(value, Mapping):
        return value
    if "sources" not in value:
        _bears(value, "own")
        return {key: with_citations(below) for key, below in value.items()}
    if "basis" not in value:
        return joined([Statement.model_validate(value)]).model_dump()
    rest = {key: below for key, below in value.items() if key != "sources"}
    _bears(value, kind_of(value["sources"]))
    return {**rest, "source": f"{value['source']} ({citation(value['sources']).en})"}


def _bears(number: Mapping[str, Any], kind: Kind) -> None:
    """Refuse a number whose basis says more than the kind of its least firm source bears."""
    basis = number.get("basis", "assumption")
    if kind not in BASES[basis]:
        raise InvalidError(
            "{source}: basis {basis}, but the source is of kind {kind}",
            source=number.get("source"),
            basis=basis,
            kind=kind,
        )


def _kinds_at(at: str | None) -> tuple[Kind, ...]:
    """Kinds that a text at an address can be of; papers held as files have none."""
    if at is None:
        return ("ministry", "quoted", "own")
    if ".go.jp" in at:
        return ("ministry",)
    return ("official", "quoted") if any(host in at for host in _OFFICIAL) else ("press", "quoted")
