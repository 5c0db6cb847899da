import pandas as pd
import pytest

from geodata.country.places import Place
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
