import pandas as pd
import pytest

from geodata import imports
from geodata.country.places import Place
from geodata.errors import FormatError
from geodata.imports import Options
from geodata.imports.candidates import read_candidates
from geodata.imports.report import Report
from geodata.imports.tables.placing import report_places


@pytest.mark.parametrize(
    ("levels", "times"),
    [(["municipality", "town"], 0), (["ward", "former", "ward"], 1), (["former", "municipality"], 1)],
)
def test_a_report_says_once_that_wards_and_former_names_are_unchecked(levels, times):
    report = Report("x", "y")
    report_places(pd.Series([Place("18201", level) for level in levels] + [None], dtype=object), report)
    assert sum("not yet checked" in sentence for sentence in report.sentences()) == times


def written(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, "utf-8")
    return tmp_path / "t.csv"


def names(store):
    towns = store.layer("municipalities").frame.drop_duplicates("name", keep=False)
    return towns[["muni_code", "name"]].iloc[:2].to_numpy().tolist()


def test_a_row_that_names_two_municipalities_is_left_out_and_said(tmp_path, tiny):
    (code, one), (_, two) = names(tiny)
    path = written(tmp_path, f"候補地名,市町村名\n両方,{one}・{two}\n北,{one}\n")
    report = Report("t.csv", "candidates")
    frame = read_candidates(path, report, municipalities=tiny.layer("municipalities"))
    assert frame["name"].to_list() == ["北"]
    assert "one municipality, not several in one cell" in " ".join(report.sentences())
    assert code


@pytest.mark.parametrize("kind", ["candidates", "estates"])
def test_a_code_alone_places_a_row_in_its_municipality_with_its_accuracy(tmp_path, tiny, kind):
    (code, one), (other, _) = names(tiny)
    path = written(tmp_path, f"団地名,市区町村コード,市町村名\n北,{int(code)},\n南,{other},{one}\n")
    towns = tiny.layer("municipalities")
    report = Report("t.csv", kind)
    if kind == "candidates":
        frame = read_candidates(path, report, municipalities=towns)
    else:
        found = imports.read(path, kind, Options(), lambda id_: tiny.layer(id_) if tiny.has(id_) else None)
        frame, report = found.layer.frame, found.report
    area = towns.frame.set_index("muni_code")["geometry"][code]
    assert frame["name"].to_list() == ["北"]
    assert frame["muni_code"].to_list() == [code]
    assert area.contains(frame["geometry"].iloc[0])
    assert frame["accuracy_m"].iloc[0] > 1_000
    assert "the code of the place that the row names" in " ".join(report.sentences())


def test_a_code_of_no_municipality_places_nothing(tmp_path, tiny):
    with pytest.raises(FormatError, match="a known municipality"):
        read_candidates(
            written(tmp_path, "団地名,市区町村コード\n北,99999\n"), municipalities=tiny.layer("municipalities")
        )
