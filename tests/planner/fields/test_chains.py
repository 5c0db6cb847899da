"""Coverage of a chain by hand, and chains that run from upstream to downstream."""

import numpy as np
import pandas as pd
import pytest

from geodata.base import Text
from planner.fields.chains import (
    HERE,
    IN_JAPAN,
    MISSING,
    NOT_LISTED,
    Stage,
    chains,
    coverage,
    share_here,
    stage_of,
)
from planner.fields.field import fields

TEXT = Text(ja="あ", en="a")
STAGES = tuple(
    Stage(id=id_, title=TEXT, after=after, essential=essential, sources=("own",))
    for id_, after, essential in (("raw", (), False), ("part", ("raw",), True), ("whole", ("part",), True))
)
FIRMS = pd.DataFrame({"stage": ["raw", "raw", "part", "elsewhere"]})
HERE_OF = pd.Series([True, False, False, True])


def test_stages_are_counted_here_and_in_japan():
    found = coverage(STAGES, FIRMS, HERE_OF).set_index("stage")
    assert found["here"].to_dict() == {"raw": 1, "part": 0, "whole": 0}
    assert found["japan"].to_dict() == {"raw": 2, "part": 1, "whole": 0}
    assert found["standing"].to_dict() == {"raw": HERE, "part": IN_JAPAN, "whole": NOT_LISTED}


def test_a_stage_is_missing_only_where_the_list_is_complete():
    found = coverage(STAGES, FIRMS, HERE_OF, complete=True).set_index("stage")
    assert found.loc["whole", "standing"] == MISSING


def test_the_share_of_stages_by_hand():
    every, essential = share_here(coverage(STAGES, FIRMS, HERE_OF))
    assert every == pytest.approx(1 / 3)
    assert essential == 0
    assert np.isnan(share_here(coverage((), FIRMS, HERE_OF))[0])


@pytest.mark.parametrize("field", fields())
def test_a_chain_runs_from_upstream_to_downstream(field):
    stages = chains()[field]
    assert 4 <= len(stages) <= 9
    assert len({stage.id for stage in stages}) == len(stages)
    before: set[str] = set()
    for stage in stages:
        assert set(stage.after) <= before
        before.add(stage.id)
    assert any(stage.essential for stage in stages)


def test_listed_firms_stand_in_stages_that_there_are(embedded):
    rows = embedded.layer("core_firms").frame
    assert set(rows["role"]) == {"core", "supplier"}
    for field, part in rows.groupby("field"):
        assert set(part["stage"]) <= {stage.id for stage in chains()[field]}


def test_a_stage_is_known_by_id_and_name():
    assert stage_of("shipbuilding", "hull") == "hull"
    assert stage_of("shipbuilding", chains()["shipbuilding"][0].title.ja) == chains()["shipbuilding"][0].id
    assert stage_of("shipbuilding", "パン") == ""
