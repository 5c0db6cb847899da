import pytest

from planner import PlannerError, evaluate
from planner.scenario.merge import merged_scenario


def measured(store, *changes):
    table = {"profile": "gx2-datacentre", "candidates": {"prefectures": ["18"]}, "changes": list(changes)}
    return evaluate(merged_scenario(table, "test"), store)


def test_a_retired_plant_lowers_what_lies_within_reach_and_only_there(embedded):
    before = measured(embedded).measurements.values["decarbonised_mw"]
    plants = embedded.layer("power_plants").frame
    name = plants[plants["decarbonised"]].nlargest(1, "capacity_mw")["name"].iloc[0]
    table = {"profile": "gx2-datacentre", "changes": [{"kind": "retire", "layer": "power_plants", "names": [name]}]}
    whole = evaluate(merged_scenario({"profile": "gx2-datacentre"}, "t"), embedded).measurements.values[
        "decarbonised_mw"
    ]
    after = evaluate(merged_scenario(table, "t"), embedded).measurements.values["decarbonised_mw"]
    fell = whole.fillna(0) - after.fillna(0)
    assert (fell >= 0).all()
    assert fell.max() > 0
    assert len(before)


def test_a_substation_put_in_shortens_the_way_to_the_grid(embedded):
    before = measured(embedded).measurements.values["grid_275kv_km"]
    lon, lat = measured(embedded).candidates.table[["lon", "lat"]].iloc[0]
    new = {
        "kind": "add",
        "layer": "substations",
        "path": [[lon, lat]],
        "properties": {"name": "x", "voltage_kv": 500.0},
    }
    after = measured(embedded, new)
    assert after.measurements.values["grid_275kv_km"].iloc[0] == pytest.approx(0, abs=1e-6)
    assert (after.measurements.values["grid_275kv_km"] <= before).all()
    lock = next(lock for lock in after.measurements.layers if lock.id == "substations")
    assert lock.status == "assumed"


def test_a_scaled_column_and_a_shifted_value(embedded):
    before = measured(embedded).measurements.values
    half = {"kind": "scale", "layer": "power_plants", "column": "capacity_mw", "times": 0.5}
    assert measured(embedded, half).measurements.values["decarbonised_mw"].to_numpy() == pytest.approx(
        before["decarbonised_mw"].to_numpy() / 2, abs=0.0501, nan_ok=True
    )
    shift = {"kind": "shift", "criterion": "metro_km", "plus": 5}
    assert (measured(embedded, shift).measurements.values["metro_km"] - before["metro_km"]).round(9).eq(5).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "retire", "layer": "power_plants", "names": ["nowhere"]}, "holds no 'nowhere'"),
        ({"kind": "retire", "layer": "power_plants", "field": "x", "names": ["y"]}, "no field 'x'"),
        ({"kind": "scale", "layer": "power_plants", "column": "name", "times": 2}, "no numbers in 'name'"),
        ({"kind": "shift", "criterion": "x"}, "not measured by this scenario"),
        (
            {"kind": "add", "layer": "substations", "path": [[135, 35]], "properties": {"x": 1}},
            "Correct the properties",
        ),
        ({"kind": "scale", "layer": "x", "column": "y", "times": 2}, "planner data list"),
        ({"kind": "bogus"}, "changes"),
    ],
)
def test_a_change_that_fits_nothing_is_one_sentence(embedded, change, says):
    with pytest.raises(Exception, match=says) as caught:
        measured(embedded, change)
    assert isinstance(caught.value, PlannerError) or type(caught.value).__name__ == "GeodataError"
