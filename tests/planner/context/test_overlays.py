import dataclasses

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.country import crs
from planner.context import overlays

JAPAN = (123.0, 24.0, 146.0, 46.0)


def test_the_classes_of_substations_part_the_voltages(tiny):
    layer = tiny.layer("substations")
    kv = layer.frame["voltage_kv"]
    found = {
        key: overlays.cut(layer, overlays.overlays()[key], JAPAN)[1]
        for key in ("substations_500", "substations_275", "substations_154")
    }
    assert found == {
        "substations_500": int((kv >= 500).sum()),
        "substations_275": int(kv.between(187, 500, inclusive="left").sum()),
        "substations_154": int(kv.between(154, 187, inclusive="left").sum()),
    }
    assert sum(found.values()) > 0


def test_only_what_can_be_opened_is_offered(embedded, tiny):
    assert "stations" not in overlays.available(embedded)
    assert set(overlays.available(embedded)) < set(overlays.available(tiny))


def test_the_largest_within_the_view_are_drawn_first_and_all_are_counted(tiny, monkeypatch):
    monkeypatch.setattr(overlays, "MOST", 2)
    layer = tiny.layer("power_plants")
    plants = gpd.GeoDataFrame(
        {"decarbonised": True, "technology": "wind", "capacity_mw": [5.0, 50.0, 20.0, 900.0]},
        geometry=gpd.points_from_xy([140.0, 140.1, 140.2, 130.0], [36.0] * 4),
        crs=crs.EXPORT,
    )
    made_up = dataclasses.replace(layer, frame=plants)
    shapes, count = overlays.cut(made_up, overlays.overlays()["wind"], (140.0, 36.0, 140.2, 36.1))
    assert count == 3
    assert [p.x for p in shapes] == [140.1, 140.2]


def test_a_line_is_simplified(tiny):
    layer = tiny.layer("transmission_lines")
    shapes, _ = overlays.cut(layer, overlays.overlays()["lines"], JAPAN)
    assert set(shapes.geom_type) <= {"LineString", "MultiLineString"}
    whole = pd.Series(layer.frame.geometry.loc[shapes.index].count_coordinates())
    assert (shapes.count_coordinates() <= whole).all()
    assert shapely.is_valid(shapes.array).all()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_overlay_has_its_own_title(language):
    titles = [overlay.title[language] for overlay in overlays.overlays().values()]
    assert len(set(titles)) == len(titles)
