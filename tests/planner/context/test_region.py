import pandas as pd
import pytest

from geodata.country.codes import prefectures
from planner.context.region import FIGURES, block_of, mismatch, numbers, plants_by_technology, stocks
from planner.measure import shipped
from planner.output.papers import stock_value


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_region_has_three_stocks_and_tells_unknown_from_zero(embedded, tiny, language):
    fresh = stocks(embedded, ["18"], language)
    assert fresh["group"].nunique() == 3
    pulled = stocks(tiny, ["08"], language)
    for table in (fresh, pulled):
        assert {stock_value(line, language) for _, line in table.iterrows()} & {
            "一覧に記載なし（一覧は一部のみ）",
            "nothing on the list (the list is partial)",
        }
    assert (fresh["date"].ne("") | fresh["value"].isna()).all()


def test_the_mismatch_is_the_ministrys(embedded):
    national, block = mismatch(embedded, "KNK")
    assert national.set_index("key").loc["clerical", "mismatch_10k_persons"] > 0
    assert len(block) == 1


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


@pytest.mark.parametrize("code", prefectures().index)
def test_a_prefecture_is_known_without_a_pull_and_says_what_it_rests_on(embedded, code):
    lines = stocks(embedded, [code], "ja")
    assert [stock_value(line, "ja") for _, line in lines.iterrows()].count("不明") <= 2
    rests = lines[lines["status"].str.contains("付属の計測値")]
    assert set(rests["layer"]) >= {"power_plants", "municipal_statistics", "prefecture_series", "stations"}
    assert rests[["date", "source", "licence"]].ne("").all(axis=None)
    assert plants_by_technology(embedded, [code])["mw"].sum() > 0


def test_a_block_adds_its_prefectures_or_takes_their_mean(embedded):
    codes = [code for code in prefectures().index if block_of(code) == block_of("18")]
    of_each = {code: shipped.regions().query("pref_code == @code").set_index("key")["value"] for code in codes}
    block = stocks(embedded, codes, "en").set_index("title")["value"]
    assert block["Persons aged 15-64"] == sum(of_each[code]["persons_15_64"] for code in codes)
    mean = sum(of_each[code]["openings"] for code in codes) / len(codes)
    assert block["Openings per seeker, mean of the prefectures"] == pytest.approx(mean, abs=0.001)


def test_what_is_pulled_is_measured_and_not_taken_from_the_shipped_table(tiny):
    lines = stocks(tiny, ["08"], "en").set_index("layer")
    kept = shipped.regions().query("pref_code == '08'").set_index("key")["value"]
    assert lines.loc["stations", "value"] != kept["stations"]
    assert lines.loc["stations", "status"] == "measured"
    told = numbers(tiny, "08").set_index("key")["value"]
    assert told["stations"] == lines.loc["stations", "value"]


def test_the_shipped_numbers_are_those_that_the_page_asks_for():
    keys = set(shipped.regions()["key"])
    assert keys - {figure.key for figure in FIGURES} == {"technology_mw", "technology_plants"}
    assert set(shipped.regions()["layer"]) <= set(shipped.locks())
    assert set(shipped.regions()["pref_code"]) == set(prefectures().index)
