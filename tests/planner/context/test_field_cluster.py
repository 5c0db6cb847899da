"""The answer on a field in the tiny country, by hand; words in both languages; nothing private in what programs read."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from importing import with_tables

from planner.context import field_facts, field_json, field_words
from planner.context.area import area_of
from planner.context.field_cluster import field_answer
from planner.fields.field import field_of, fields


def test_quotients_of_an_area_by_hand(tiny):
    """17,000 of 50,000 in manufacturing over the country; in 茨城 (甲市, 乙町) 12,000 of 38,000."""
    answer = field_answer(tiny, field_of("造船"), area_of(tiny, "08"))
    row = answer.sectors.table.loc["E"]
    assert row["employees"] == 12000
    counts = tiny.layer("sector_employees").frame.groupby("sector")["employees"].sum()
    whole = counts["E"] / counts.sum()
    assert row["quotient"] == pytest.approx((12000 / 38000) / whole)
    assert row["share_pct"] == pytest.approx(100 * 12000 / 38000)
    assert answer.sectors.of_field == ("E",)
    assert not answer.sectors.own


def test_a_users_table_by_groups_takes_the_place_of_divisions(tiny, tmp_path):
    text = "地域コード,産業中分類,従業者数\n" + "".join(
        f"{area},{sector},{n}\n"
        for area, sector, n in (("08", 31, 300), ("08", 9, 100), ("09", 31, 100), ("09", 9, 500))
    ).replace(",9,", ",09,")
    seen = with_tables(tiny, tmp_path, sector_table=("own_sectors", text))
    answer = field_answer(seen, field_of("造船"), area_of(tiny, "08"))
    assert answer.sectors.own
    assert answer.sectors.of_field == ("31",)
    assert answer.sectors.table.loc["31", "quotient"] == pytest.approx((300 / 400) / (400 / 1000))
    assert answer.sectors.table.loc["31", "at_home"] == 1


def test_a_users_table_is_no_measure_of_japan(tiny, tmp_path):
    text = "地域コード,産業中分類,従業者数\n08,31,300\n08,28,\n09,31,100\n09,28,500\n"
    answer = field_answer(
        with_tables(tiny, tmp_path, sector_table=("own_sectors", text)), field_of("造船"), area_of(tiny, "08")
    )
    told = [field_words.headline(answer, "en"), *field_words.sectors_table(answer, "en").columns]
    assert not any("Japan = 1" in one for one in told)
    assert "31 Transport equipment" in told[0]
    assert any("2 of 47 prefectures; 1 numbers" in one for one in field_words.cautions(answer, "en"))
    assert "31 輸送用機械器具製造業" in field_words.sectors_table(answer, "ja").to_string()


def test_an_area_that_is_all_of_the_table_has_no_quotient(tiny, tmp_path):
    text = "地域コード,産業中分類,従業者数\n08,31,300\n08,28,100\n"
    answer = field_answer(
        with_tables(tiny, tmp_path, sector_table=("own_sectors", text)), field_of("造船"), area_of(tiny, "08")
    )
    assert answer.sectors.table[["quotient", "relatedness", "percentile"]].isna().to_numpy().all()
    assert answer.sectors.table.loc["31", "share_pct"] == pytest.approx(75)


def test_density_counts_the_land_of_those_who_tell(tiny, tmp_path):
    rows = "08201,31,300\n08202,28,100\n09201,31,50\n"
    text = "地域コード,産業中分類,従業者数\n" + rows
    answer = field_answer(
        with_tables(tiny, tmp_path, sector_table=("own_sectors", text)), field_of("造船"), area_of(tiny, "08")
    )
    land = tiny.layer("municipal_land").frame.set_index("muni_code")["habitable_ha"]
    assert answer.sectors.density == pytest.approx(300 / (land.loc[["08201", "08202"]].sum() / 100))


def test_places_on_our_lists_are_told_in_the_readers_language(embedded):
    field, area = field_of("materials"), area_of(embedded, "14,12,08,05,40,37")
    ja, en = (field_facts.points_table(field_answer(embedded, field, area), each) for each in ("ja", "en"))
    assert len(ja) == len(en) > 20
    assert ja.iloc[:, 2].str.contains(r"[ぁ-んァ-ヶ一-龠]").all()
    assert not en["What"].str.contains("_").any()
    assert en["What"].str.contains(" → ").any()


@pytest.mark.parametrize("id_", ["heavy_conversions", "recycling_bases"])
def test_every_place_has_its_words_in_japanese(embedded, id_):
    assert embedded.layer(id_).frame["what_ja"].str.strip().ne("").all()


def test_firms_stages_and_dependence_of_the_users_table(tiny, tmp_path):
    firms = (
        "企業名,分野,工程,役割,市町村,最大販売先比率,非公開\n甲造船,造船,hull,中核,甲市,60%,\n乙機械,造船,engine,供給,乙町,20%,はい\n"
        "丙造船,造船,hull,中核,丙市,,\n"
    )
    firms = (
        firms.replace("企業名,", "法人番号,企業名,")
        .replace("\n乙", "\n7000012050002,乙")
        .replace("\n甲", "\n,甲")
        .replace("\n丙", "\n,丙")
    )
    links = "売り手,買い手,取引額\n7000012050002,甲造船,6\n遠方,甲造船,2\n甲造船,海外,8\n"
    seen = with_tables(tiny, tmp_path, firms=("own_firms", firms), transactions=("transactions", links))
    answer = field_answer(seen, field_of("造船"), area_of(tiny, "08"))
    own = answer.firms[answer.firms["firm"].isin(["甲造船", "乙機械"])]
    assert len(own) == 2
    standing = answer.chain.set_index("stage")["standing"]
    assert (standing["hull"], standing["engine"]) == ("here", "here")
    assert answer.supply == pytest.approx(((6 / 8) ** 2 + (2 / 8) ** 2, 6 / 8, 2))
    assert answer.degrees.loc["甲造船", "hub"] == 1
    assert answer.degrees.loc["甲造船", "connector"] == pytest.approx(2 * 6 / 16)
    told = field_words.dependence_table(answer, "ja").astype("str")
    assert "1" in told.iloc[-1].tolist()
    text = json.dumps(field_json.as_json(answer), ensure_ascii=False)
    assert "甲造船" in text
    assert "乙機械" not in text
    assert "乙機械" not in field_words.firms_table(answer, "ja", public=True).to_string()


def test_trade_and_ripple_of_the_users_tables(tiny, tmp_path):
    trade = "品目名,相手国,輸入額,世界輸出額\n磁石,甲国,90,95\n磁石,乙国,10,5\n"
    table = (
        "from_region,投入元部門,to_region,投入先部門,値\narea,E,area,E,20\nrest,E,area,E,30\narea,E,rest,E,10\nrest,E,rest,E,400\n"
        "area,生産額,area,E,100\nrest,生産額,rest,E,1000\n"
    )
    seen = with_tables(tiny, tmp_path, trade=("trade", trade), input_output=("input_output", table))
    answer = field_answer(seen, field_of("造船"), area_of(tiny, "08"), 100.0)
    assert answer.products["磁石"].both == pytest.approx(0.82 * 0.905)
    assert answer.products["磁石"].band == "high"
    assert answer.ripple.output == pytest.approx([100 * 0.6 / 0.477, 100 * 0.3 / 0.477])
    assert np.isnan(answer.ripple.within("area", answer.ripple.economy.value_added))
    assert field_json.as_json(answer)["ripple"]["basis"] == "input_output"


def test_without_an_amount_nothing_ripples(tiny):
    answer = field_answer(tiny, field_of("造船"), area_of(tiny, "08"))
    assert answer.ripple is None
    assert answer.indicative == {}
    assert field_json.as_json(answer)["ripple"] is None


def test_an_embedded_default_tells_firms_and_no_sectors(embedded):
    answer = field_answer(embedded, field_of("半導体工場"), area_of(embedded, "43"))
    assert answer.sectors is None
    assert "JASM" in answer.firms["firm"].tolist()
    assert answer.chain.set_index("stage").loc["front-end", "standing"] == "here"
    assert answer.related.empty


def test_firms_within_the_reach_of_a_hub_by_hand(tiny, tmp_path):
    """A hub in 甲市 that reaches 5 km catches the yard there and not that of 丙市; without a table of hubs nothing is known."""
    firms = "企業名,分野,工程,市町村\n甲造船,造船,hull,甲市\n丙造船,造船,hull,丙市\n"
    hubs = "拠点名,市町村,対象範囲km,参加工場数\nA,甲市,5,12\n"
    seen = with_tables(tiny, tmp_path, firms=("own_firms", firms), ax_hubs=("ax_hubs", hubs))
    ready = field_answer(seen, field_of("造船"), area_of(tiny, "08")).ready
    assert (ready["caught"], ready["hub"], ready["plants"]) == (1, 1, 12)
    bare = field_answer(tiny, field_of("造船"), area_of(tiny, "08")).ready
    assert np.isnan([bare["caught"], bare["hub"], bare["plants"]]).all()


def test_services_per_person_by_hand(tiny):
    rows = field_answer(tiny, field_of("food"), area_of(tiny, "08")).services.set_index("service")
    assert rows.loc["doctors", "here"] == pytest.approx(10_000 * 220 / 120_000)
    assert rows.loc["doctors", "japan"] == pytest.approx(10_000 * 280 / 160_000)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("field", fields())
def test_every_table_can_be_told_in_both_languages(tiny, field, language):
    answer = field_answer(tiny, fields()[field], area_of(tiny, "08"), 50.0)
    words = ("sectors_table", "chain_table", "firms_table", "dependence_table", "degrees_table", "related_table")
    tables = [
        *(
            getattr(field_words, name)(answer, language)
            for name in (*words, "needs_table", "workers_table", "ripple_table")
        ),
        *(getattr(field_facts, name)(answer, language) for name in ("points_table", "facts_table", "ready_table")),
    ]
    assert all(isinstance(table, pd.DataFrame) for table in tables)
    tables.append(field_facts.services_table(answer.services, language))
    assert len(tables[1]) == len(answer.chain)
    said = [field_words.headline(answer, language), field_words.ripple_said(answer, language)]
    said += [field_facts.tags_said(answer, language), *field_words.cautions(answer, language)]
    assert all(said)
    assert not re.search(r"\bnan\b", " ".join(said + [table.to_string() for table in tables]), re.IGNORECASE)
    json.dumps(field_json.as_json(answer), allow_nan=False)
