"""One stanza per criterion in the file of its branch beside this one: measure x layer x filter x unit x anchors."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from ...errors import PlannerError
from ...measure.criterion import Criterion
from ...measure.verbs import criterion_of
from ...model.sourced import BRANCHES
from ...model.sources import Statement, with_citations


@cache
def criteria() -> dict[str, Criterion]:
    """Every criterion by id, branch by branch."""
    found = {}
    for id_, stanza in written().items():
        try:
            found[id_] = criterion_of({"id": id_, **with_citations(stanza)})
        except ValidationError as error:
            raise PlannerError(
                "{path}: criterion {id}: {error}", path=f"{stanza.get('branch')}.toml", id=id_, error=error
            ) from error
    order = list(BRANCHES)
    return dict(sorted(found.items(), key=lambda item: order.index(item[1].branch)))


def cited(criterion_id: str) -> tuple[Statement, ...]:
    """The texts of a criterion that name their sources."""
    texts = [text for text in written()[criterion_id].values() if isinstance(text, Mapping) and "sources" in text]
    return tuple(Statement.model_validate(text) for text in texts)


@cache
def written() -> dict[str, dict[str, Any]]:
    """Every stanza by id as it is written."""
    paths = sorted((p for p in files(__name__).iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    return {id_: stanza for path in paths for id_, stanza in tomllib.loads(path.read_text("utf-8")).items()}
