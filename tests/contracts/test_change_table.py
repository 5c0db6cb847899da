"""Each row of the table «where a change goes»: the thing is added in the one place it names, in a copy of the tree, and works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from messages import missing, template

from planner.measure.criterion import Criterion
from planner.measure.verbs import AnyCriterion
from planner.output.reference import criteria_page

ROOT = Path(__file__).parents[2]
WEIGH = """
from geodata import Store
from planner import evaluate
from planner.scenario.merge import merged_scenario
def weighed(id_):
    choice = {"weight": 50.0, "basis": "assumption", "source": "a try"}
    return evaluate(merged_scenario({"profile": "gx2-datacentre", "criteria": {id_: choice}}, "try"), Store(DATA)).result()
"""


class Tree:
    """A copy of both packages in which something is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for package in ("geodata", "planner"):
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, path: str, text: str) -> None:
        """Write a new file, or append to one."""
        with (self.folder / path).open("a", encoding="utf-8") as stream:
            stream.write(text)

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), "utf-8")

    def run(self, script: str) -> str:
        """Output of a script that sees this tree; its own error when it fails."""
        env = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        whole = f"from pathlib import Path\nDATA = Path({str(self.folder / 'data')!r})\n{script}"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", whole],
            env=env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("tree"))


def test_a_criterion_is_one_stanza(tree):
    tree.add(
        "planner/scenario/criteria/access.toml",
        """
[try_km]
branch = "access"
title = {ja = "試しの距離", en = "A distance to try"}
unit = "km"
measure = "nearest_km"
layers = ["airports"]
direction = "less"
value = {kind = "linear", worst = 100.0, best = 0.0}
why = {ja = "試し", en = "A try"}
caveat = {ja = "試し", en = "A try"}
""",
    )
    assert tree.run(WEIGH + 'print(weighed("try_km").table["value_try_km"].notna().all())') == "True\n"
    told = tree.run("from planner.output.reference import criteria_page; print(criteria_page())")
    assert (
        "## try_km (km)" in told
    )  # the page that `make docs` writes; without it the test of that page names the command
    assert "## try_km (km)" not in criteria_page()


def test_a_profile_is_one_file(tree):
    text = (ROOT / "planner/scenario/profiles/field-shipbuilding.toml").read_text("utf-8")
    tree.add("planner/scenario/profiles/field-try.toml", text)
    script = """
from geodata import Store
from planner import evaluate, scenario_from_profile
print(len(evaluate(scenario_from_profile("field-try"), Store(DATA)).result().table) > 0)
"""
    assert tree.run(script) == "True\n"


def test_a_measure_is_one_class(tree):
    tree.add(
        "planner/measure/verbs/latitude.py",
        '''"""Latitude, to try."""

from typing import ClassVar, Literal

from ...model.tables import Bounded, Why, bounded
from ..candidates import CandidateSet
from ..criterion import Criterion, Sources


class Latitude(Criterion):
    """Degrees north, times a factor."""

    label: ClassVar[str] = "Latitude"

    measure: Literal["latitude"] = "latitude"
    factor: float = 1.0

    def measured(self, candidates: CandidateSet, sources: Sources) -> Bounded:
        """Degrees."""
        value = candidates.table["lat"].to_numpy(dtype=float) * self.factor
        return bounded(value, value, value, Why.EXACT)
''',
    )
    script = (
        WEIGH
        + """
from planner.measure.verbs import measures
stanza = {"branch": "access", "title": {"ja": "緯度", "en": "Latitude"}, "unit": "degrees", "measure": "latitude", "factor": 2.0,
          "direction": "more", "value": {"kind": "linear", "worst": 0.0, "best": 100.0},
          "why": {"ja": "試", "en": "try"}, "caveat": {"ja": "試", "en": "try"}}
choice = {"weight": 50.0, "basis": "assumption", "source": "a try"}
asked = merged_scenario({"profile": "gx2-datacentre", "own": {"north": stanza}, "criteria": {"north": choice}}, "try")
table = evaluate(asked, Store(DATA)).result().table
print(((table["value_north"] - 2 * table["lat"]).abs() < 0.001).all(), set(table["why_north"]))
one = asked.own["north"]
print(one.cache_key("x", {}) != type(one).model_validate({**one.model_dump(), "factor": 3.0}).cache_key("x", {}))
print(measures()["latitude"].label)
import pandas as pd
from planner.ui import cached, owndata
cached.roads = lambda: None
print(owndata._offers(pd.DataFrame({"a": [1.0]}), "point", ["a"])["latitude"][0].label)
"""
    )
    assert tree.run(script) == "True {'exact'}\nTrue\nLatitude\nLatitude\n"


def test_a_measure_left_out_of_the_union_is_found():
    union = set(AnyCriterion.__origin__.__args__)
    known, concrete = [Criterion], set()
    while known:
        kind = known.pop()
        known += kind.__subclasses__()
        concrete |= {kind} if isinstance(kind.model_fields["measure"].default, str) else set()
    assert concrete <= union, f"{concrete - union}: move it to a module of planner/measure/verbs"


def test_an_embedded_layer_is_one_file_and_its_table(tree):
    passport = """licence = "facts"
attribution = "a try"
reference_date = "2026"
status = "assumed"
inventory = "partial"
inventory_note = {ja = "試し", en = "a try"}
"""
    field = '\n[fields.{}]\ndtype = "string"\ntitle = {{ja = "試し", en = "A try"}}\nrequired = true\n'
    tree.add(
        "geodata/catalogue/try_places.toml",
        'id = "try_places"\ntitle = {ja = "試し", en = "A try"}\ntheme = "facts"\ngeometry = "point"\nkey = "place_id"\n'
        + passport
        + field.format("place_id")
        + field.format("name")
        + f'\n[starter]\nfile = "try_places.csv"\n{passport}',
    )
    tree.add("geodata/starter/try_places.csv", "place_id,name,lon,lat\nP1,甲,139.7,35.6\n")
    script = 'from geodata import Store\nlayer = Store(DATA).layer("try_places")\nprint(len(layer.frame), layer.origin)'
    assert tree.run(script) == "1 embedded\n"


def test_a_kind_of_file_is_one_entry(tree):
    entry = """    Kind(
        id="try_names",
        title=text("試し", "A try"),
        theme="facts",
        geometry="none",
        suffixes=(".csv",),
        licence="not stated",
        note=text("試し", "A try"),
        read=lambda members, report, _: (
            pd.DataFrame({"name": members[0].path.read_text("utf-8").split()}),
            {"name": FieldSpec(dtype="string", unit=None, title=text("名", "Name"))},
        ),
    ),
)

KINDS: dict"""
    tree.replace("geodata/imports/kinds.py", ")\n\nKINDS: dict", entry)
    script = """
from geodata import imports
(DATA.parent / "names.csv").write_text("甲\\n乙\\n", "utf-8")
found = imports.read(DATA.parent / "names.csv", "try_names", imports.Options(), lambda _: None)
print(list(found.layer.frame["name"]))
"""
    assert tree.run(script) == "['甲', '乙']\n"


def test_a_page_is_one_file(tree):
    tree.add(
        "planner/ui/pages/try_page.py",
        '"""A page to try."""\n\nimport streamlit as st\n\nfrom ..page import Page\n\n\ndef draw() -> None:\n    """Draw."""\n'
        '    st.write("here")\n\n\nPAGE = Page("try", "A try", draw)\n',
    )
    script = "from planner.ui.pages import PAGES\nids = [page.id for page in PAGES]\nprint(ids[0], ids[-1], len(ids) == len(set(ids)))"
    assert tree.run(script) == "explore try True\n"


def test_a_map_layer_is_one_stanza(tree):
    tree.add(
        "planner/context/overlays.toml",
        '\n[try]\ntitle = {ja = "試し", en = "A try"}\nlayer = "airports"\ncolour = "#123456"\n',
    )
    script = """
from geodata import Store
from planner.context import overlays
shapes, n = overlays.cut(Store(DATA).layer("airports"), overlays.overlays()["try"], (122, 20, 154, 46))
print(n == len(shapes) > 10)
"""
    assert tree.run(script) == "True\n"


def test_an_analysis_is_one_module(tree):
    tree.add(
        "planner/analyses/counted.py",
        '''"""How many sites have enough points, to try."""

from pydantic import BaseModel

from .analysis import Analysis, AnalysisSpec, Choices


class Enough(BaseModel):
    """Points that are enough."""

    points: float = 1.0


def counted(result, choice, language):
    """Count them."""
    table = result.table[["name", "score"]].assign(tried=result.table["score"] >= choice.points)
    said = f"{int(table['tried'].sum())} of {len(table)} from {choice.points:g}"
    return Analysis(SPEC, table.rename_axis("site_id"), choice.model_dump(), (said,))


SPEC = AnalysisSpec(
    "counted", "site_id", {"tried": "Whether it has enough."}, title="Counted", help="Count.",
    choices=Choices(Enough, counted, {"points": "Points that are enough."}),
)
''',
    )
    script = """
import sys
from geodata import Store
from planner import evaluate, scenario_from_profile
from planner.cli import app
from planner.output.files import write
from planner.ui.pages import robust
write(evaluate(scenario_from_profile("gx2-datacentre"), Store(DATA)), DATA.parent / "result.csv", "en")
app(["counted", str(DATA.parent / "result.csv"), "--points", "1000", "--out", str(DATA.parent / "counted.csv")], standalone_mode=False)
print("Counted" in robust._PARTS, (DATA.parent / "counted.csv").is_file())
"""
    told = tree.run(script)
    assert "- 0 of " in told
    assert told.endswith("True True\n")


def test_a_sentence_without_japanese_is_named(tmp_path, monkeypatch):
    package = tmp_path / "planner"
    package.mkdir()
    (package / "new.py").write_text('t("A sentence that nobody translated.")\n', "utf-8")
    monkeypatch.setattr("messages.ROOT", tmp_path)
    monkeypatch.setattr("messages.PACKAGES", ("planner",))
    assert any("A sentence that nobody translated." in line for line in missing(template()))
