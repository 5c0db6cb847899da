import pandas as pd
import pytest

from planner.context.region import mismatch, plants_by_technology, stocks
from planner.output.papers import stock_value


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_region_has_three_stocks_and_tells_unknown_from_zero(embedded, tiny, language):
    fresh = stocks(embedded, ["18"], language)
    assert fresh["group"].nunique() == 3
    assert fresh.set_index("layer").loc["expressway_joints", "value"] != 0
    assert {"不明", "unknown"} & {stock_value(line, language) for _, line in fresh.iterrows()}
    pulled = stocks(tiny, ["08"], language)
    assert pulled["value"].notna().sum() > fresh["value"].notna().sum()
    assert (fresh["date"].ne("") | fresh["value"].isna()).all()


def test_the_mismatch_is_the_ministrys(embedded):
    national, block = mismatch(embedded, "KNK")
    assert national.set_index("key").loc["clerical", "mismatch_10k_persons"] > 0
    assert len(block) == 1
    assert plants_by_technology(embedded, ["18"]).empty


def test_regions_as_a_table_keep_their_units(embedded):
    table = stocks(embedded, ["18", "17"], "en")
    assert isinstance(table, pd.DataFrame)
    assert table["unit"].ne("").all()


def test_a_stock_is_said_as_it_is_known(tiny):
    lines = stocks(tiny, ["08"], "en")
    said = [stock_value(line, "en") for _, line in lines.iterrows()]
    least = lines["bound"].eq("at least") & lines["value"].notna()
    assert least.any()
    assert [text.startswith("at least ") for text in said] == least.to_list()
    nothing = lines["bound"].eq("at least") & lines["value"].isna()
    assert [text.startswith("nothing on the list") for text in said] == nothing.to_list()
    assert [text == "unknown" for text in said] == (lines["value"].isna() & ~nothing).to_list()
