import pytest

from geodata import coverage
from geodata.errors import FormatError, GeodataError


def test_coverage_says_where_a_sum_is_a_lower_bound(embedded):
    table = coverage.power_plants(embedded)
    assert table.loc["nuclear", ["share", "enough"]].to_list() == [1.0, True]
    assert not table.loc[["solar", "wind", "hydro"], "enough"].any()
    assert table["source_url"].str.startswith("http").all()
    assert (table["held_mw"] <= table["total_mw"]).all()


def test_a_users_own_plants_and_totals_complete_the_comparison(embedded, tmp_path):
    plants, totals = tmp_path / "plants.csv", tmp_path / "totals.csv"
    plants.write_text(coverage.template("plants") + "A,wind,1000,140,40,,2025,x\n", "utf-8")
    totals.write_text(coverage.template("capacity_totals") + "wind,3000,mine,2025,https://example.invalid\n", "utf-8")
    before = coverage.power_plants(embedded).loc["wind", "held_mw"]
    after = coverage.power_plants(embedded, plants=plants, totals=totals)
    assert after["held_mw"].to_list() == [before + 1000]
    assert after.loc["wind", "share"] == pytest.approx((before + 1000) / 3000)


def test_a_table_that_is_not_the_template_is_one_sentence(embedded, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n", "utf-8")
    with pytest.raises(FormatError, match="capacity_mw"):
        coverage.power_plants(embedded, plants=tmp_path / "x.csv")
    with pytest.raises(GeodataError, match="capacity_totals"):
        coverage.template("nonsense")
