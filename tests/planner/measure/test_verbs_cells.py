"""Measures over cells, prices and the road graph in the tiny country."""

import numpy as np
import pytest

from planner.measure.candidates import CandidateChoice, load_candidates
from planner.measure.run import measure, measure_pass, passes
from planner.measure.verbs import criterion_of
from planner.scenario.criteria import criteria

PLAIN = "A,140.03,36.12"
HILL = "B,140.19,36.06"


def sites(store, tmp_path, *rows):
    path = tmp_path / "sites.csv"
    path.write_text("\n".join(["site_id,lon,lat,accuracy_m", *rows]) + "\n", "utf-8")
    return load_candidates(CandidateChoice(kind="file", path=str(path)), store)


def measured(store, candidates, id_, **changes):
    return measure_pass(candidates, [criterion_of({**criteria()[id_].model_dump(), **changes})], store)[0]


def test_the_value_of_a_cell_has_the_bounds_of_its_steps(tiny, tmp_path):
    relief = measured(tiny, sites(tiny, tmp_path, f"{PLAIN},0", f"{HILL},0"), "relief_m")
    assert relief.value.tolist() == [0, 300]
    assert relief.low.tolist() == [0, 264]
    assert relief.high.tolist() == [36, 336]


def test_an_inexact_site_takes_every_cell_within_its_accuracy(tiny, tmp_path):
    near = measured(tiny, sites(tiny, tmp_path, "A,140.12,36.06,2000"), "open_cell_pct")
    assert (near.low[0], near.high[0]) == (5, 95)
    inside = measured(tiny, sites(tiny, tmp_path, "A,140.05,36.12,500"), "open_cell_pct")
    assert (inside.low[0], inside.high[0]) == (95, 95)


def test_a_drawn_plot_takes_the_cells_under_it(tiny, tmp_path):
    path = tmp_path / "plot.geojson"
    ring = [[140.07, 36.05], [140.18, 36.05], [140.18, 36.07], [140.07, 36.07], [140.07, 36.05]]
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"site_id":"A","name":"a"},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}',
        "utf-8",
    )
    plot = load_candidates(CandidateChoice(kind="file", path=str(path)), tiny)
    column = measured(tiny, plot, "open_cell_pct")
    assert column.low[0] == 5 < column.value[0] < column.high[0] == 95


def test_outside_a_park_on_the_list_nothing_is_known(tiny, tmp_path):
    park = measured(tiny, sites(tiny, tmp_path, f"{PLAIN},0", f"{HILL},0"), "natpark_pct")
    assert np.isnan(park.value[0])
    assert (park.value[1], park.low[1], park.high[1]) == (80, 80, 100)


def test_an_upper_bound_proves_nothing(tiny, tmp_path):
    circle = measured(tiny, sites(tiny, tmp_path, f"{PLAIN},0"), "clear_circle_m")
    assert (circle.value[0], circle.low[0], circle.high[0]) == (400, 0, 400)


def test_land_within_reach_is_bounded_and_a_cell_without_a_row_is_unknown(tiny, tmp_path):
    at = sites(tiny, tmp_path, f"{PLAIN},0", "B,140.03,36.12,1000", f"C,{140 + 7.5 / 80},{36 + 23.5 / 120},0")
    land = measured(tiny, at, "buildable_ha")
    assert 0 < land.low[0] < land.value[0] == land.high[0]
    assert land.low[1] < land.low[0] < land.high[0] < land.high[1]
    assert np.isnan(land.value[2])


def test_a_town_is_as_far_as_its_nearest_dense_cell(tiny, tmp_path):
    column = measured(tiny, sites(tiny, tmp_path, "A,140.04375,36.1,0"), "did_km")
    assert column.value[0] == pytest.approx(5.09, abs=0.03)
    assert (column.low[0], column.high[0]) == pytest.approx((column.value[0] - 0.8, column.value[0] + 0.8))
    assert np.isnan(
        measured(
            tiny, sites(tiny, tmp_path, f"{PLAIN},0"), "did_km", where=[{"field": "did_pct", "at_least": 99.0}]
        ).value[0]
    )


def test_a_price_is_as_good_as_its_point_is_near(tiny, tmp_path):
    price = measured(
        tiny, sites(tiny, tmp_path, "A,140.03,36.03,0", "B,140.03,36.03,4000", "C,141.5,36.03,0"), "industrial_price"
    )
    assert price.value[:2] == pytest.approx(22000)
    assert (price.low[0], price.high[0]) == pytest.approx((22000 / 1.3, 22000 * 1.3), rel=1e-3)
    assert price.high[1] == pytest.approx(22000 * 1.6, rel=1e-3)
    assert np.isnan(price.value[2])
    assert price.nearest["id"][0] == "08201-009-001"


def test_minutes_follow_the_road(tiny, tmp_path):
    road = measured(tiny, sites(tiny, tmp_path, "A,140.0,36.02,0", "B,140.19,36.19,0"), "interchange_min")
    km = 4.5  # along 36.02 N to the junctions around 140.05 E, 36.01 N
    assert road.value[0] == pytest.approx(60 * km / 50, abs=5)
    assert road.low[0] <= road.value[0] <= road.high[0]
    assert np.isnan(road.value[1])  # the graph is over 10 km away


def test_columns_of_the_same_cells_are_measured_in_one_pass():
    together = passes(criteria()[id_] for id_ in ("open_cell_pct", "forest_pct", "conversion_pct", "relief_m"))
    assert [[c.id for c in group] for group in together] == [
        ["open_cell_pct", "forest_pct", "conversion_pct"],
        ["relief_m"],
    ]


def test_mesh_cells_are_measured_at_themselves(tiny):
    cells = load_candidates(CandidateChoice(kind="mesh"), tiny)
    values = measure(cells, [criteria()["open_cell_pct"]], tiny).values["open_cell_pct"]
    assert set(values.dropna()) == {5.0, 95.0}
