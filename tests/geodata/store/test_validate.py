import geopandas as gpd
import pytest
import shapely

from geodata.catalogue import catalogue
from geodata.errors import FormatError
from geodata.store import validate

PORTS = catalogue()["ports"]


def ports(lon=140.0, lat=36.0, crs=6668, **columns):
    row = {
        "port_id": "P",
        "name": "港",
        "port_class": None,
        "harbour_size": None,
        "channel_depth_m": 1.0,
        "pier_depth_m": None,
        "accuracy_m": None,
    }
    return gpd.GeoDataFrame([{**row, **columns}], geometry=[shapely.Point(lon, lat)], crs=crs)


def test_a_good_frame_has_no_problem():
    assert validate.problems(validate.conform(ports(), PORTS), PORTS) == []


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (ports(lon=36.0, lat=140.0 - 95), "swapped"),
        (ports(crs=4301), "not JGD2011"),
        (ports(name=None), "name is missing"),
    ],
)
def test_each_problem_is_said(frame, says):
    assert any(says in problem for problem in validate.problems(validate.conform(frame, PORTS), PORTS))


def test_a_missing_column_is_named():
    with pytest.raises(FormatError, match="harbour_size"):
        validate.conform(ports().drop(columns="harbour_size"), PORTS)


def test_ranges_and_patterns_hold():
    plants = catalogue()["nuclear_units"]
    frame = gpd.GeoDataFrame(
        {name: ["1"] for name in plants.fields} | {"capacity_mw": [5.0], "accuracy_m": [1.0], "pref_code": ["8"]},
        geometry=[shapely.Point(140, 36)],
        crs=6668,
    )
    found = "; ".join(validate.problems(validate.conform(frame, plants), plants))
    assert "capacity_mw holds 5 MW, beyond 100" in found
    assert "pref_code holds '8'" in found


def test_require_valid_raises_all_at_once():
    frame = validate.conform(ports(name=None, lon=10.0), PORTS)
    with pytest.raises(FormatError, match=r"name is missing.*beyond Japan"):
        validate.require_valid(frame, PORTS)
