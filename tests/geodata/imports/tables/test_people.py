"""Tables about people: unknown codes, schools without seats and projects without workers are told by row and stay unknown."""

import numpy as np
import pytest
from importing import read, told, written

from geodata.errors import GeodataError

KINDS = ("occupation_people", "school_seats", "planned_projects")
COUNTS = dict(zip("ABCDEFGHIJK", range(10, 120, 10), strict=True))


def census(codes=("08201",), classes=COUNTS):
    rows = [f"{code},{letter},{n}" for code in codes for letter, n in classes.items()]
    return "\n".join(["市区町村コード,職業大分類,就業者数", *rows])


def test_occupations_become_one_row_per_municipality(tiny, tmp_path):
    found = read(written(tmp_path, census()), "occupation_people", tiny)
    row = found.layer.frame.set_index("muni_code").loc["08201"]
    assert row["employed"] == sum(COUNTS.values())
    assert row["production"] == COUNTS["H"]
    assert row["transport"] == COUNTS["I"] + COUNTS["K"]
    assert row["service"] == COUNTS["E"] + COUNTS["F"]


@pytest.mark.parametrize(
    "said", ["B", "b", "professional", "専門的・技術的職業", "専門的・技術的職業従事者", "B 専門的・技術的職業従事者"]
)
def test_a_class_is_known_by_letter_and_by_name(tiny, tmp_path, said):
    text = census().replace(",B,", f",{said},")
    assert read(written(tmp_path, text), "occupation_people", tiny).layer.frame["professional"].tolist() == [20]


def test_an_unknown_class_or_code_is_told_by_row_and_its_municipality_stays_out(tiny, tmp_path):
    text = census(("08201", "08202")).replace("08202,B,20", "08202,Z,20") + "\nxx999,A,5\n08201,L,3"
    found = read(written(tmp_path, text), "occupation_people", tiny)
    assert found.layer.frame["muni_code"].tolist() == ["08201"]
    said = told(found)
    assert "a major class of occupation, A to K or its name, found 'Z', rows 13" in said
    assert "found 'xx999', rows 23" in said
    assert "1 municipalities lack a class of occupation" in said


def test_a_school_without_seats_is_kept_and_unknown(tiny, tmp_path):
    text = "学校名,種別,入学定員,市区町村コード\n甲工業高校,工業高校,240人,08201\n乙高専,高専,,08202\n丙大学,大学,100,09201\n丁塾,学習塾,30,08201\n"
    found = read(written(tmp_path, text), "school_seats", tiny)
    rows = found.layer.frame.set_index("name")
    assert rows["graduates"].to_dict() == pytest.approx(
        {"甲工業高校": 240, "乙高専": np.nan, "丙大学": 100}, nan_ok=True
    )
    assert rows.loc["甲工業高校", "level"] == "technical_high"
    said = told(found)
    assert "a number of seats" in said
    assert "found '乙高専', rows 2" in said
    assert "found '学習塾', rows 4" in said


def test_a_project_without_workers_or_size_is_kept_and_unknown(tiny, tmp_path):
    text = "案件名,業種,雇用人数,規模,操業開始年,市町村\nA,battery,300,,2029,甲市\nB,datacentre,,300 MW,2030,乙町\nC,food,,,2031,丙市\n"
    found = read(written(tmp_path, text), "planned_projects", tiny)
    rows = found.layer.frame.set_index("name")
    assert rows["jobs"].to_dict() == pytest.approx({"A": 300, "B": np.nan, "C": np.nan}, nan_ok=True)
    assert rows.loc["B", "size"] == "300 MW"
    said = told(found)
    assert "workers or a size" in said
    assert "found 'C', rows 3" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_its_heading_is_one_sentence(tiny, tmp_path, kind):
    with pytest.raises(GeodataError, match="expected a table with a heading"):
        read(written(tmp_path, "a,b\n1,2\n"), kind, tiny)
