import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import GeodataError
from geodata.country import crs, mesh
from geodata.country.mesh import GRIDS

ROWS = st.integers(20 * 120, 46 * 120 - 1)
COLS = st.integers(22 * 80, 54 * 80 - 1)


@pytest.mark.parametrize(
    ("lon", "lat", "km", "half"),
    [
        # worked by hand in minutes of arc: 40' x 60', then 5' x 7.5', then 30" x 45", then quarters
        (139.767125, 35.681236, "53394611", "533946113"),
        (141.3469, 43.0642, "64414277", "644142774"),
        (127.6809, 26.2124, "39272554", "392725541"),
    ],
)
def test_known_places_have_their_codes(lon, lat, km, half):
    assert GRIDS["1km"].encode(*GRIDS["1km"].locate(np.array([lon]), np.array([lat])))[0] == km
    assert GRIDS["500m"].encode(*GRIDS["500m"].locate(np.array([lon]), np.array([lat])))[0] == half


@given(row=ROWS, col=COLS, level=st.sampled_from(["1km", "500m"]))
def test_codes_round_trip(row, col, level):
    grid = GRIDS[level]
    split = 2 if level == "500m" else 1
    rows, cols = np.array([row * split + split - 1]), np.array([col * split])
    back = grid.decode(pd.Series(grid.encode(rows, cols)))
    assert (back[0][0], back[1][0]) == (rows[0], cols[0])


@given(row=ROWS, col=COLS)
def test_the_centre_of_a_cell_lies_in_it(row, col):
    grid = GRIDS["1km"]
    lon, lat = grid.centres(np.array([row]), np.array([col]))
    assert [a[0] for a in grid.locate(lon, lat)] == [row, col]


@pytest.mark.parametrize("lat", [24.5, 36.0, 45.0])
def test_area_agrees_with_the_geodesic_polygon(lat):
    grid = GRIDS["1km"]
    row, col = grid.locate(np.array([140.0]), np.array([lat]))
    exact = abs(crs.GEOD.geometry_area_perimeter(grid.boxes(row, col)[0])[0]) / 1e4
    assert grid.area_ha(row)[0] == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("code", ["5339461", "53398611", "abcdefgh", "533946115"])
def test_a_code_that_is_none_is_named(code):
    level = "500m" if len(code) == 9 else "1km"
    with pytest.raises(GeodataError, match=code):
        GRIDS[level].decode(pd.Series([code]))


@given(st.sampled_from(sorted(mesh.SIZES)), st.floats(122.1, 153.9), st.floats(20.1, 45.9), st.data())
def test_codes_that_exist_are_known_and_a_digit_out_of_range_is_none(digits, lon, lat, data):
    grid = mesh.GRIDS["1km"]
    whole = str(grid.encode(*grid.locate(lon, lat))) + "".join(
        data.draw(st.lists(st.sampled_from("1234"), min_size=3, max_size=3))
    )
    code = whole[:digits]
    known = pd.Series([code])
    assert mesh.is_code(known).all()
    assert mesh.is_in_japan(known).all()
    places = [n for n in (4, 5, 8, 9, 10) if n < digits]
    if places:
        at = data.draw(st.sampled_from(places))
        wrong = code[:at] + data.draw(st.sampled_from("89" if at < 8 else "056789")) + code[at + 1 :]
        assert not mesh.is_code(pd.Series([wrong])).any()
    assert not mesh.is_in_japan(pd.Series(["99" + code[2:], code[:2] + "70" + code[4:]])).any()
