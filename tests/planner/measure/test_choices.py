"""Real choices: the product's own list and a file of the user's."""

import pytest

from planner import PlannerError
from planner.measure.choices import FIELDS, field_title, known_choices, read_choices

FILE = """名称,分野,緯度,経度,年,状態,accuracy_m
甲工場,semiconductor,36.1,140.1,2024年4月,操業中,1000
乙工場,battery,35.1,136.9,,計画中止,500
丙センター,datacentre,43.0,141.5,不明,operating,
"""


def test_a_japanese_table_is_read_and_what_was_never_built_is_dropped(tmp_path, embedded):
    path = tmp_path / "立地.csv"
    path.write_text(FILE, "cp932")
    found = read_choices(path, embedded)
    assert found.dropped == 1
    assert found.table["name"].tolist() == ["丙センター", "甲工場"]
    assert found.table["year"].fillna(0).tolist() == [0, 2024]
    assert found.table["accuracy_m"].tolist() == [0, 1000]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,lat,lon\nA,36,140\n", "expected a column `field`"),
        ("name,field,lat,lon\nA,battery,36,140\nB,battery,99,140\n", "99"),
        ("name,field,lat,lon,status\nA,battery,36,140,closed\n", "no choice is left"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path, embedded, text, said):
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PlannerError, match=said):
        read_choices(path, embedded)


def test_the_products_own_list_is_known_by_field_and_has_a_source_per_row(embedded):
    found, rows = known_choices(embedded), embedded.layer("real_choices").frame
    assert found.dropped == 2
    assert len(found.table) == len(rows) - 2
    assert set(rows["field"]) <= set(FIELDS)
    assert rows["source_url"].str.startswith("http").all()
    assert rows["accuracy_m"].gt(0).all()


def test_a_field_of_the_users_own_keeps_its_name():
    assert field_title("semiconductor", "ja") == "半導体"
    assert field_title("酒造", "en") == "酒造"


def test_a_field_is_known_by_its_title_in_either_language(tmp_path, embedded):
    path = tmp_path / "a.csv"
    path.write_text("name,分野,lat,lon\nA,半導体,36,140\nB,Data Centres,35,139\nC,酒造,34,135\n", "utf-8")
    assert set(read_choices(path, embedded).table["field"]) == {"semiconductor", "datacentre", "酒造"}


def test_the_hash_follows_the_rows(tmp_path, embedded):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("name,field,lat,lon\nA,battery,36,140\nB,battery,35,139\n", "utf-8")
    second.write_text("name,field,lat,lon\nB,battery,35,139\nA,battery,36,140\n", "utf-8")
    assert read_choices(first, embedded).digest() == read_choices(second, embedded).digest()
    second.write_text("name,field,lat,lon\nB,battery,35,139\nA,battery,36.5,140\n", "utf-8")
    assert read_choices(first, embedded).digest() != read_choices(second, embedded).digest()
