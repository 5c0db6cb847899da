import pytest

from planner.output.landmask import ROWS_PER_DEGREE, land

BOUNDS = (128.0, 30.0, 151.0, 45.0)


@pytest.fixture(scope="module")
def mask():
    return land(BOUNDS)


@pytest.mark.parametrize(
    ("lon", "lat", "dry"),
    [(139.5, 35.7, 1), (142.4, 43.8, 1), (130.9, 32.8, 1), (150.0, 33.0, 0)],
    ids=["Tokyo", "Asahikawa", "Kumamoto", "Pacific"],
)
def test_land_lies_where_there_is_land(mask, lon, lat, dry):
    west, _, _, north = BOUNDS
    assert mask[int((north - lat) * ROWS_PER_DEGREE), int((lon - west) * ROWS_PER_DEGREE)] == dry


def test_the_cut_has_the_size_of_its_bounds(mask):
    west, south, east, north = BOUNDS
    assert mask.shape == ((north - south) * ROWS_PER_DEGREE, (east - west) * ROWS_PER_DEGREE)
    assert set(mask.ravel()) == {0, 1}
