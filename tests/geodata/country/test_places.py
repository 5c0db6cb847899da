"""A municipality is found by its name however it is written, and never another one of the same name."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.country.codes import PREFECTURE_CODES, prefectures
from geodata.country.places import Places, city_of, prefecture_of, spelt

LAYER = pd.DataFrame(
    [
        ("18423", "越前町"),
        ("18210", "坂井市"),
        ("13206", "府中市"),
        ("34208", "府中市"),
        ("29203", "大和郡山市"),
        ("08208", "龍ケ崎市"),
        ("12999", "坂井町"),
        ("47303", "東村"),
        ("06301", "山辺町"),
        ("14100", "横浜市"),
        ("14150", "相模原市"),
        ("13103", "港区"),
        ("23100", "名古屋市"),
        ("01403", "泊村"),
        ("01696", "泊村"),
        ("28221", "丹波篠山市"),
        ("04203", "塩竈市"),
        ("20561", "山ノ内町"),
        ("17212", "野々市市"),
        ("22201", "静岡市"),
    ],
    columns=["muni_code", "name"],
)
PLACES = Places.of(
    LAYER,
    mergers=[("三国町", "18210"), ("清水市", "22201")],
    towns=[("18210", "三国町米納津", (136.15, 36.22)), ("14109", "新横浜三丁目", (139.6, 35.5))],
)
COUNTIES = {"18423": "丹生郡", "06301": "東村山郡", "20561": "下高井郡", "47303": "国頭郡"}
SPELLINGS = {
    "龍ケ崎市": ["竜ヶ崎市", "龍が崎市", "龍ガ崎市"],
    "塩竈市": ["塩釜市"],
    "山ノ内町": ["山の内町", "山之内町"],
}


@pytest.mark.parametrize(
    ("text", "prefecture", "code", "level"),
    [
        ("丹生郡越前町", "", "18423", "municipality"),
        ("福井県 坂井市", "", "18210", "municipality"),
        ("広島県府中市", "", "34208", "municipality"),
        ("府中市", "広島", "34208", "municipality"),
        ("府中市", "13", "13206", "municipality"),
        ("大和郡山市", "", "29203", "municipality"),
        ("奈良県大和郡山市北郡山町", "", "29203", "municipality"),
        ("山形県東村山郡山辺町", "", "06301", "municipality"),
        ("東村山郡山辺町", "", "06301", "municipality"),
        ("横浜市港北区", "", "14100", "municipality"),
        ("港北区", "神奈川県", "14100", "ward"),
        ("神奈川県港北区新横浜3-1", "", "14100", "town"),
        ("東京港区", "", "13103", "municipality"),
        ("港区", "愛知県", "23100", "ward"),
        ("泊村", "北海道", "01403", "municipality"),
        ("古宇郡泊村", "", "01403", "municipality"),
        ("三国町", "福井", "18210", "former"),
        ("坂井市三国町米納津1-1", "", "18210", "town"),
        ("坂井市大字三国町米納津", "", "18210", "town"),
        ("福井県三国町米納津51", "", "18210", "town"),
        ("清水市", "", "22201", "former"),
        ("篠山市", "", "28221", "former"),
        ("石川県野々市町", "", "17212", "former"),
        ("18210 坂井市", "", "18210", "municipality"),
        ("〒913-0038 福井県坂井市", "", "18210", "municipality"),
    ],
)
def test_what_a_text_names_and_how_exactly(text, prefecture, code, level):
    found = PLACES.find(text, prefecture)
    assert found is not None
    assert found[:2] == (code, level)
    assert (found.position is not None) == (level == "town")


@pytest.mark.parametrize(
    ("text", "prefecture"),
    [
        ("府中市", ""),
        ("千葉県坂井市", ""),
        ("広島県府中市", "東京都"),
        ("緑区", "神奈川県"),
        ("港区", ""),
        ("三国町", ""),
        ("どこか市", ""),
        ("福井県", ""),
        ("", ""),
    ],
)
def test_what_is_not_certain_is_not_guessed(text, prefecture):
    assert PLACES.find(text, prefecture) is None


@st.composite
def written(draw):
    """A municipality's code, a way of writing its name, and what stands beside it."""
    code, name = LAYER[LAYER["muni_code"].ne("01696")].iloc[draw(st.integers(0, len(LAYER) - 2))]
    whole, spaces = str(prefectures().loc[code[:2], "name"]), draw(st.sampled_from(["", " ", "\u3000"]))
    name = draw(st.sampled_from([name, *SPELLINGS.get(name, [])]))
    text = spaces.join(draw(st.sampled_from(["", COUNTIES.get(code, "")])) + name)
    text += draw(st.sampled_from(["", "大字中1-2", "字西 12番地", "港町３"]))
    beside = draw(st.sampled_from(["", whole, spaces.join(whole), f"{code[:2]} {whole}"]))
    return code, text if beside else spaces.join(whole) + spaces + text, beside


@given(written())
def test_every_way_of_writing_a_municipality_finds_it(case):
    code, text, beside = case
    found = PLACES.find(text, beside)
    assert found is not None
    assert found.code == code


@given(st.sampled_from(PREFECTURE_CODES), st.sampled_from(["", " ", "\u3000"]), st.booleans(), st.booleans())
def test_a_prefecture_is_known_by_code_and_name(code, spaces, numbered, wide):
    name = str(prefectures().loc[code, "name"])
    number = code.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else code
    assert prefecture_of((f"{number} " if numbered else "") + spaces.join(name)) == code
    assert prefecture_of(number) == prefecture_of(str(int(code))) == code


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("14109", "14100"),
        ("14137", "14130"),
        ("14152", "14150"),
        ("13109", "13109"),
        ("18201", "18201"),
        ("27140", "27140"),
    ],
)
def test_the_code_of_a_ward_leads_to_its_city(code, city):
    assert city_of(code) == city


@given(st.text(max_size=12), st.text(max_size=4))
def test_no_text_breaks_the_search(text, prefecture):
    found = PLACES.find(text, prefecture)
    assert found is None or found.code in set(LAYER["muni_code"])
    assert spelt(spelt(text)) == spelt(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("鹿嶋市", "08222"), ("鹿島市", "41207"), ("佐賀県鹿嶋市", "41207"), ("四条畷市", "27229"), ("四條畷市", "27229")],
)
def test_towns_that_differ_in_an_old_character_are_told_apart_by_it(text, code):
    rows = [("08222", "鹿嶋市"), ("41207", "鹿島市"), ("27229", "四條畷市")]
    found = Places.of(pd.DataFrame(rows, columns=["muni_code", "name"])).find(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "text",
    [
        "坂井市・大和郡山市",
        "坂井市、横浜市港北区",
        "福井県坂井市及び越前町",
        "坂井市と越前町",
        "坂井市 静岡市",
        "坂井市／越前町",
    ],
)
def test_a_text_that_names_several_municipalities_names_none(text):
    assert PLACES.several(text)
    assert PLACES.find(text) is None


@pytest.mark.parametrize(
    "text",
    ["坂井市三国町・丸岡町", "坂井市米納津1・2", "静岡市・清水市", "坂井市、坂井市三国町", "坂井市 三国町米納津"],
)
def test_several_towns_of_one_municipality_are_in_it(text):
    assert not PLACES.several(text)
    assert PLACES.find(text) is not None


@pytest.mark.parametrize(
    ("text", "lon"), [("横浜市新横浜3-17", 2), ("横浜市新横浜3丁目", 2), ("横浜市新横浜9-1", 1), ("横浜市新横浜", 1)]
)
def test_the_block_of_a_town_goes_before_the_town(text, lon):
    towns = [("14109", "新横浜", (1.0, 35.5)), ("14109", "新横浜三丁目", (2.0, 35.5))]
    assert Places.of(LAYER, towns=towns).find(text).position == (lon, 35.5)
