"""Points, lines and polygons of one's own in every measure: each shape counts once, whatever its parts; what cannot be is said."""

import json

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner import PlannerError, evaluate, load_scenario

SCENARIO = """
profile = "gx3-decarbonised-park"
[candidates]
kind = "file"
path = "{sites}"
[layers.mine]
path = "{mine}"
title = {{ja = "自前", en = "Mine"}}
reference_date = "2026-04"
status = "estimated"
inventory = "complete"
[own.m]
branch = "land"
title = {{ja = "測定", en = "Measure"}}
unit = "x"
{measure}
layers = ["mine"]
direction = "less"
value = {{kind = "linear", worst = 500, best = 0}}
why = {{ja = "要る", en = "Needed"}}
caveat = {{ja = "なし", en = "None"}}
[criteria.m]
weight = 100
basis = "assumption"
"""
MEASURES = {
    "count": 'measure = "sum_within"\nreach_m = 20000',
    "sum": 'measure = "sum_within"\nreach_m = 20000\ncolumn = "v"',
    "nearest": 'measure = "nearest_km"',
    "share": 'measure = "share_pct"',
    "worst": 'measure = "worst_value"\ncolumn = "v"',
}
PLOT = shapely.box(136.2, 36.0, 136.21, 36.01)
LEFT, EAST = shapely.box(136.2, 36.0, 136.205, 36.01), shapely.box(136.3, 36.0, 136.31, 36.01)
KINDS = {
    "point": shapely.MultiPoint([(136.205, 36.005), (136.22, 36.0), (136.23, 36.0)]),
    "line": shapely.MultiLineString([[(136.205, 36.0), (136.205, 36.01)], [(136.3, 36.0), (136.3, 36.1)]]),
    "polygon": shapely.MultiPolygon([LEFT, EAST]),
}


def written(path, shapes):
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"f{n}", "v": 100.0},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for n, shape in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def measured(folder, store, shapes, measure, sites=(PLOT,)):
    text = SCENARIO.format(
        sites=written(folder / "sites.geojson", sites), mine=written(folder / "mine.geojson", shapes), measure=measure
    )
    (folder / "s.toml").write_text(text, "utf-8")
    return evaluate(load_scenario(folder / "s.toml"), store)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "expected"), [("count", 1), ("sum", 100), ("nearest", 0), ("share", 50), ("worst", 100)]
)
def test_a_shape_of_many_parts_counts_once_or_is_refused_in_one_sentence(tmp_path, embedded, kind, name, expected):
    if name in {"share", "worst"} and kind != "polygon":
        with pytest.raises(PlannerError, match=f"needs a layer with shapes of polygon, layer mine has {kind}"):
            measured(tmp_path, embedded, [KINDS[kind]], MEASURES[name])
        return
    found = measured(tmp_path, embedded, [KINDS[kind]], MEASURES[name]).measurements
    assert found.values["m"].to_list() == pytest.approx([expected], abs=0.05)


BOX = st.builds(lambda x, y: shapely.box(x, y, x + 0.004, y + 0.004), st.floats(136.1, 136.3), st.floats(35.9, 36.1))
FAR = st.builds(lambda x, y: shapely.box(x, y, x + 0.004, y + 0.004), st.floats(137.5, 138.0), st.floats(37.0, 37.4))
PARTS = {"polygon": lambda box: box, "line": lambda box: box.exterior, "point": lambda box: box.centroid}


@given(
    near=st.lists(BOX, min_size=1, max_size=4),
    far=st.lists(FAR, max_size=3),
    kind=st.sampled_from(sorted(PARTS)),
    n=st.integers(1, 3),
)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_shape_within_reach_counts_once_whatever_its_parts(tmp_path, embedded, near, far, kind, n):  # noqa: PLR0913, PLR0917
    whole = shapely.GeometryCollection([PARTS[kind](box) for box in (*near, *far)])
    shapes = [whole] * n + [shapely.GeometryCollection([PARTS[kind](box)]) for box in far]
    for name, each in (("count", 1), ("sum", 100)):
        found = measured(tmp_path, embedded, shapes, MEASURES[name], sites=[shapely.Point(136.2, 36.0)]).measurements
        assert found.values["m"].to_list() == [each * n]


@pytest.mark.parametrize(
    ("shape", "area_ha", "says"),
    [
        (
            shapely.GeometryCollection([shapely.Point(136.2, 36.0), PLOT]),
            100,
            "the polygons, else the lines, were kept",
        ),
        (shapely.GeometryCollection([shapely.GeometryCollection([LEFT]), EAST]), 150, "a site in one piece"),
    ],
)
def test_a_collection_as_candidate_is_its_polygons(tmp_path, embedded, shape, area_ha, says):
    found = measured(tmp_path, embedded, [PLOT], MEASURES["share"], sites=[shape])
    assert found.result().table["area_ha"].to_list() == pytest.approx([area_ha], rel=0.01)
    assert any(says in sentence for report in found.reports for sentence in report.sentences())
