"""One stanza per criterion in the file of its branch beside this one: measure x layer x filter x unit x anchors."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from ...errors import PlannerError
from ...measure.criterion import Criterion
from ...measure.verbs import criterion_of
from ...model.sourced import BRANCHES


@cache
def criteria() -> dict[str, Criterion]:
    """Every criterion by id, branch by branch."""
    found = {}
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            for id_, stanza in tomllib.loads(path.read_text("utf-8")).items():
                try:
                    found[id_] = criterion_of({"id": id_, **stanza})
                except ValidationError as error:
                    raise PlannerError(
                        "{path}: criterion {id}: {error}", path=path.name, id=id_, error=error
                    ) from error
    order = list(BRANCHES)
    return dict(sorted(found.items(), key=lambda item: order.index(item[1].branch)))
