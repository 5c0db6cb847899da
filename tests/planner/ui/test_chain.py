"""The drawing of a value chain: columns from upstream, colours by standing, texts escaped."""

from geodata.base import Text
from planner.fields.chains import HERE, IN_JAPAN, Stage
from planner.ui.chain import drawing, levels


def stage(id_, *after, title="x"):
    return Stage(id=id_, title=Text(ja=title, en=title), after=after, sources=("own",))


STAGES = (stage("a"), stage("b"), stage("c", "a"), stage("d", "b", "c", title="<script>"))


def test_a_stage_stands_right_of_everything_that_feeds_it():
    assert [[one.id for one in level] for level in levels(STAGES)] == [["a", "b"], ["c"], ["d"]]
    assert levels(()) == []


def test_texts_are_escaped_and_firms_are_told():
    told = drawing(STAGES, {"a": (HERE, 3), "b": (IN_JAPAN, 0), "c": ("not listed", 0), "d": (HERE, 0)}, "ja")
    assert "<script>" not in told
    assert "<b>3</b>" in told
    assert "← x、x" in told
