"""What each plan paper asks for, item by item."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, get_args

from pydantic import Field

from geodata.base import Strict, Text

from ..model.sources import Statement

PlanKind = Literal["A", "B", "C", "gx1", "gx2", "gx3", "gx4"]
KINDS: tuple[PlanKind, ...] = get_args(PlanKind)

TITLES: dict[PlanKind, Text] = {
    "A": Text(ja="戦略産業クラスター計画", en="Strategic industry cluster plan (A)"),
    "B": Text(ja="地域産業クラスター計画", en="Regional industry cluster plan (B)"),
    "C": Text(ja="地場産業成長プラン", en="Growth plan of local industry (C)"),
    "gx1": Text(ja="GX戦略地域①コンビナート等再生型の計画", en="Plan of GX zone type 1 (renewal of complexes)"),
    "gx2": Text(ja="GX戦略地域②データセンター集積型の計画", en="Plan of GX zone type 2 (data-centre hub)"),
    "gx3": Text(ja="GX戦略地域③脱炭素電源活用型の計画", en="Plan of GX zone type 3 (park on decarbonised power)"),
    "gx4": Text(
        ja="GX戦略地域④脱炭素電源地域貢献型の事業者シート", en="Firm's sheet of GX type 4 (contribution to host areas)"
    ),
}
WRITERS: dict[PlanKind, Text] = {
    "A": Text(ja="国（関係都道府県の提案を受けて）", en="the State, on proposals of the prefectures concerned"),
    "B": Text(ja="都道府県（知事主導）", en="the prefecture, led by the governor"),
    "C": Text(ja="都道府県・市町村", en="prefecture and municipalities"),
    "gx1": Text(ja="自治体と企業", en="municipality and firms"),
    "gx2": Text(ja="自治体と企業", en="municipality and firms"),
    "gx3": Text(ja="自治体と企業", en="municipality and firms"),
    "gx4": Text(ja="事業者", en="the firm"),
}
UNITS: dict[PlanKind, Text] = {
    "A": Text(ja="地域ブロック（複数の都道府県）", en="a regional block of several prefectures"),
    "B": Text(ja="都道府県（市町村をまたぐ）", en="a prefecture, across its municipalities"),
    "C": Text(ja="市町村から都道府県", en="from a municipality to a prefecture"),
    "gx1": Text(ja="地域", en="an area"),
    "gx2": Text(ja="地域", en="an area"),
    "gx3": Text(ja="地域", en="an area"),
    "gx4": Text(ja="事業者", en="a firm"),
}

Needs = Literal[
    "text", "amount_100m_yen", "list_of_firms", "investment_plan", "kpis", "commitment", "partners", "stage"
]


class Requirement(Strict):
    """One item of a paper: what it asks, on which sources, which evidence may support it, and what the planner gives."""

    id: str
    group: Text
    title: Text
    asks: Statement
    evidence: tuple[str, ...] = ()
    needs: Needs
    private: bool = False


@cache
def requirements() -> dict[PlanKind, Annotated[tuple[Requirement, ...], Field(min_length=1)]]:
    """The items of every paper, in their order."""
    table = tomllib.loads((files(__package__) / "requirements.toml").read_text("utf-8"))
    return {kind: tuple(Requirement.model_validate(row) for row in table[kind]) for kind in KINDS}
