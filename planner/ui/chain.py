"""A value chain as a drawing: columns from upstream to downstream, each stage coloured by where it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..fields.chains import HERE, IN_JAPAN, MISSING, Stage
from ..i18n import Language
from ..output.templates import template

_FILLS = {HERE: ("#1f5a7a", "#ffffff"), IN_JAPAN: ("#cfe3ee", "#222222"), MISSING: ("#f4c7c3", "#222222")}
_NEITHER = ("#ffffff", "#333333")


def levels(stages: Sequence[Stage]) -> list[list[Stage]]:
    """Stages by the longest way to them from upstream."""
    depth: dict[str, int] = {}
    for stage in stages:
        depth[stage.id] = max((depth[before] + 1 for before in stage.after), default=0)
    return [[stage for stage in stages if depth[stage.id] == n] for n in range(max(depth.values(), default=-1) + 1)]


def drawing(stages: Sequence[Stage], standing: Mapping[str, tuple[str, int]], language: Language) -> str:
    """The chain as HTML; `standing` holds where each stage stands and its firms in the area, by id."""
    names = {stage.id: stage.title[language] for stage in stages}
    shown = [[_box(stage, standing, names, language) for stage in level] for level in levels(stages)]
    return template(__package__, "chain.html.j2").render(levels=shown)


def _box(
    stage: Stage, standing: Mapping[str, tuple[str, int]], names: Mapping[str, str], language: Language
) -> dict[str, Any]:
    where, firms = standing[stage.id]
    fill, ink = _FILLS.get(where, _NEITHER)
    fed_by = "、".join(names[before] for before in stage.after)
    return {
        "title": stage.title[language],
        "fill": fill,
        "ink": ink,
        "essential": stage.essential,
        "firms": firms,
        "fed_by": f"← {fed_by}" if fed_by else "",
    }
