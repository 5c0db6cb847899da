import itertools
import os
import shutil

import numpy as np
import pandas as pd
import pytest
from commands import run
from damage import flipped, swapped

from geodata import Store
from planner import evaluate, load_scenario, scenario_from_profile

QUESTION = scenario_from_profile("gx2-datacentre", prefectures=["17", "18"])
OWN = """
profile = "gx3-decarbonised-park"
[candidates]
kind = "{kind}"
{path}
[layers.water]
path = "{layer}"
title = {{ja = "工業用水", en = "Industrial water"}}
reference_date = "2026-04"
status = "estimated"
inventory = "complete"
[own.water_km]
branch = "land"
title = {{ja = "工業用水までの距離", en = "Distance to industrial water"}}
unit = "km"
measure = "nearest_km"
layers = ["water"]
direction = "less"
value = {{kind = "linear", worst = 40, best = 2}}
why = {{ja = "水が要る", en = "Water is needed"}}
caveat = {{ja = "量は見ていない", en = "Not the amount"}}
[criteria.water_km]
weight = 100
basis = "assumption"
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A data directory with measurements in its cache, and the ranking they give."""
    root = tmp_path_factory.mktemp("measured")
    return root, evaluate(QUESTION, Store(root)).result().table


def ranked(root, question=QUESTION):
    said = []
    table = evaluate(question, Store(root, tell=said.append)).result().table
    return table, [str(sentence) for sentence in said]


def cached(root):
    return sorted((root / "cache" / "measures").iterdir())


def test_64_flipped_bits_change_no_ranking_and_each_time_a_word_is_said(measured, tmp_path):
    root, table = measured
    for eight in np.arange(64).reshape(8, 8):
        shutil.copytree(root, tmp_path, dirs_exist_ok=True)
        for seed, path in zip(eight, itertools.cycle(cached(tmp_path)), strict=False):
            flipped(path, int(seed))
        found, said = ranked(tmp_path)
        pd.testing.assert_frame_equal(found, table, check_exact=True)
        assert len(said) == 1
        assert "measured again" in said[0]
    assert ranked(tmp_path)[1] == []


def test_a_neighbours_measurement_is_not_used(measured, tmp_path):
    root, table = measured
    shutil.copytree(root, tmp_path, dirs_exist_ok=True)
    swapped(*cached(tmp_path)[:2])
    found, said = ranked(tmp_path)
    pd.testing.assert_frame_equal(found, table, check_exact=True)
    assert "(2)" in said[0]


def test_a_cache_that_takes_nothing_stops_no_ranking_and_is_said_once(measured, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    found, said = ranked(tmp_path)
    pd.testing.assert_frame_equal(found, measured[1], check_exact=True)
    assert len(said) == 1
    assert "went on without it" in said[0]


def test_the_command_says_it_in_the_readers_language(measured, tmp_path):
    root, _ = measured
    shutil.copytree(root, tmp_path / "data")
    flipped(cached(tmp_path / "data")[0], 0)
    options = ("--prefectures", "17,18", "--lang", "ja", "--out", tmp_path / "x.csv")
    told = run("rank", "--profile", "gx2-datacentre", *options, data_dir=tmp_path / "data")
    assert told.returncode == 0
    assert "測り直しました" in told.stderr


@pytest.mark.parametrize("kind", ["sites", "file"])
def test_nothing_of_a_users_own_data_stays_in_the_data_directory(tmp_path, kind):
    (tmp_path / "water.csv").write_text("name,lon,lat\nA,136.22,36.06\n", "utf-8")
    (tmp_path / "plots.csv").write_text("name,lon,lat\nP,136.3,36.1\nQ,136.7,36.6\n", "utf-8")
    path = f'path = "{tmp_path / "plots.csv"}"' if kind == "file" else 'prefectures = ["17", "18"]'
    text = OWN.format(kind=kind, path=path, layer=tmp_path / "water.csv")
    (tmp_path / "s.toml").write_text(text, "utf-8")
    root = tmp_path / "data"
    whole, without = ranked(root, load_scenario(tmp_path / "s.toml"))[0], tmp_path / "without"
    assert whole["value_water_km"].notna().all()
    shared = {name for _, _, files in os.walk(root) for name in files}
    if kind == "file":
        assert shared == set()
    else:
        ranked(without, scenario_from_profile("gx3-decarbonised-park", prefectures=["17", "18"]))
        assert shared == {path.name for path in cached(without)}
