import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from planner.output.formats import escape_formulas, rounded_shapes


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_escaped(start):
    table = escape_formulas(pd.DataFrame({"name": [f"{start}1", "甲"], "n": [-1.0, 2.0]}))
    assert table["name"].to_list() == [f"'{start}1", "甲"]
    assert table["n"].to_list() == [-1.0, 2.0]


def test_headings_are_escaped_too():
    assert escape_formulas(pd.DataFrame({"=1+1 (a)": ["x"], "b": [1]})).columns.to_list() == ["'=1+1 (a)", "b"]


@st.composite
def polygons(draw):
    """A valid polygon, thin ones included: a star around a centre, squeezed."""
    n = draw(st.integers(3, 24))
    angles = (np.arange(n) + draw(arrays(float, n, elements=st.floats(0, 0.4)))) * (2 * np.pi / n)
    radii = draw(arrays(float, n, elements=st.floats(1e-6, 0.01)))
    squeeze = 10.0 ** draw(st.integers(-5, 0))
    shape = shapely.Polygon(np.column_stack([139.7 + radii * np.cos(angles), 35.6 + squeeze * radii * np.sin(angles)]))
    assume(shape.is_valid and shape.area > 0)
    return shape


@settings(max_examples=300, deadline=None)
@given(st.lists(polygons(), min_size=1, max_size=3))
def test_a_valid_polygon_is_valid_at_the_digits_that_are_written(shapes):
    before = np.array(shapes, dtype=object)
    after = shapely.from_geojson(shapely.to_geojson(rounded_shapes(before)))
    assert shapely.is_valid(after).all()
    assert not shapely.is_empty(after).any()
    assert (shapely.hausdorff_distance(before, after) <= 2e-6).all()
