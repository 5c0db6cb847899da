"""How substations are joined, on the tiny country and by hand."""

import numpy as np
from shapely import LineString

from geodata.sources.topology import LOOPED, RADIAL, UNJOINED, _bridges, _cut_at_tees


def test_the_tiny_grid(tiny):
    table = tiny.layer("grid_topology").frame.set_index("name")
    assert table.loc["乙変電所", "route"] == RADIAL
    assert table.loc["乙変電所", "upstream_name"] == "甲変電所"
    assert table.loc["甲変電所", "upstream_km"] == 0
    assert table.loc["不明変電所", "route"] == UNJOINED
    assert "甲分岐線" in table.loc["甲変電所", "line_names"]
    assert 8 < table.loc["乙変電所", "upstream_km"] < 10


def test_bridges_of_a_ring_with_a_tail():
    start, end = np.array([0, 1, 2, 2]), np.array([1, 2, 0, 3])
    assert _bridges(start, end, 4).tolist() == [False, False, False, True]


def test_two_lines_side_by_side_are_no_bridge():
    assert _bridges(np.array([0, 0]), np.array([1, 1]), 2).tolist() == [False, False]


def test_a_line_is_cut_where_another_ends_on_it():
    parts = np.array([LineString([(0, 0), (1000, 0)]), LineString([(500, 0), (500, 800)])], dtype=object)
    pieces, owner = _cut_at_tees(parts, np.array([7, 8]))
    assert sorted(owner.tolist()) == [7, 7, 8]
    assert sum(piece.length for piece in pieces) == 1800


def test_a_ring_is_a_loop(tiny):
    assert set(tiny.layer("grid_topology").frame["route"]) <= {LOOPED, RADIAL, UNJOINED}
