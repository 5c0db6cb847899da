"""The claims of the listed sites hold wherever sites and features truly lie, on the national data."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from realdata import MARKS
from worlds import moved

from geodata.country import crs
from geodata.store.overlay import OverlaidStore
from planner import evaluate, scenario_from_profile
from planner.measure.criterion import feature_off_m

PROFILES = ("gx2-datacentre", "gx3-decarbonised-park", "field-semiconductor-fab")
DIGITS = 1e-6

pytestmark = MARKS


def truly(rng, layer):
    """A layer whose points lie somewhere within their accuracy, exactly known."""
    frame = gpd.GeoDataFrame(layer.frame.copy())
    off_m = feature_off_m(frame, layer)
    x, y = moved(rng, frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), off_m)
    there = frame.set_geometry(gpd.GeoSeries(gpd.points_from_xy(x, y), index=frame.index, crs=frame.crs))
    exact = layer.passport.model_copy(update={"accuracy_m": 0.0})
    if "accuracy_m" in there:
        there = there.assign(accuracy_m=0.0)
    return dataclasses.replace(layer, frame=there, passport=exact, version=f"{layer.version}-moved")


@pytest.mark.parametrize("profile", PROFILES)
def test_no_claim_breaks_when_sites_and_features_lie_elsewhere_within_their_accuracy(national, tmp_path, profile):
    rng = np.random.default_rng(3)
    claim = evaluate(scenario_from_profile(profile, kind="sites"), national).measurements
    sites = claim.sites
    lon, lat = moved(rng, sites["lon"].to_numpy(), sites["lat"].to_numpy(), sites["accuracy_m"].fillna(0).to_numpy())
    there = gpd.GeoDataFrame(
        {"name": sites["name"], "area_ha": sites["area_ha"]}, geometry=gpd.points_from_xy(lon, lat), crs=crs.STORE
    )
    there.reset_index(drop=True).to_file(tmp_path / "there.geojson")
    points = {lock.id for lock in claim.layers if national.specs[lock.id].geometry == "point"} - {"industrial_estates"}
    store = OverlaidStore(national, {id_: truly(rng, national.layer(id_)) for id_ in points if national.pulled(id_)})
    scenario = scenario_from_profile(profile, kind="file", path=str(tmp_path / "there.geojson"))
    truth = evaluate(scenario, store).measurements.values.set_axis(sites.index)
    compared = truth.notna() & claim.values.notna()
    assert compared.to_numpy().mean() > 0.6
    assert (compared & truth.ne(claim.values)).to_numpy().mean() > 0.3
    broken = (truth < claim.low - DIGITS * claim.low.abs()) | (truth > claim.high + DIGITS * claim.high.abs())
    broken &= compared
    told = {
        id_: pd.concat([truth[id_], claim.low[id_], claim.high[id_]], axis=1)[broken[id_]].head(3).to_numpy().tolist()
        for id_ in broken.columns[broken.any()]
    }
    assert not told
