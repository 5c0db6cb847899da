"""The page of first tens is whole, and the tools that measure say what they lack."""

import re
from pathlib import Path

import pytest
import stored

from planner.scenario.profiles import profiles

PAGE = (Path(__file__).parents[2] / "docs" / "validation.md").read_text("utf-8")


def test_the_page_holds_ten_cells_of_each_profile_for_the_country_and_five_prefectures():
    chapters = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    ranked = {text.partition("\n")[0]: re.split(r"^### ", text, flags=re.MULTILINE)[1:] for text in chapters}
    tables = [part for parts in ranked.values() for part in parts]
    assert len(tables) == 6 * len(profiles())
    assert all(len(re.findall(r"^\| [\d,]+ \|", table, flags=re.MULTILINE)) == 10 for table in tables)


def test_a_tool_without_its_layers_ends_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))
    with pytest.raises(SystemExit, match="layers terrain_1km: not pulled"):
        stored.store_with({"terrain_1km", "substations", "flood_zones"} - {"substations"})
