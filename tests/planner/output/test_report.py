import re
from html.parser import HTMLParser

import hostile
import pandas as pd
import pytest

from geodata.errors import GeodataError
from planner import evaluate, scenario_from_profile
from planner.output.report import report_html, write_report


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_report_is_one_file_without_script_or_address(embedded, language):
    html = report_html(evaluate(scenario_from_profile("gx2-datacentre"), embedded).result(), language)
    assert "<script" not in html
    addresses = re.findall(r'(?:src|href)="([^"]{0,40})', html)
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert html.count("<circle") == 371
    assert html.count("<details>") == 20
    assert ("除外された地点" if language == "ja" else "Excluded sites (50 of 50)") in html


def test_names_are_escaped(embedded, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('name,lon,lat\n"<script>alert(1)</script>",140,36\nB,141,38\n', "utf-8")
    html = report_html(
        evaluate(scenario_from_profile("gx2-datacentre", kind="file", path=str(path)), embedded).result(), "ja"
    )
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_folder_that_cannot_be_written_is_one_sentence(embedded, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    result = evaluate(scenario_from_profile("gx2-datacentre"), embedded).result()
    with pytest.raises(GeodataError, match="cannot write there"):
        write_report(result, tmp_path / "file" / "x.html", "ja")


HOSTILE = (
    hostile.EVERYTHING,
    "<script>alert(1)</script>",
    "\" onload='alert(1)'",
    "{{7*7}}",
    "{% raw %}",
    "`${alert(1)}`",
    "</title></svg>",
)


def test_hostile_names_stay_text(embedded, tmp_path):
    path = tmp_path / "a.csv"
    rows = [[name, 140 + k / 10, 36 + k / 10] for k, name in enumerate(HOSTILE)]
    pd.DataFrame(rows, columns=["name", "lon", "lat"]).to_csv(path, index=False)
    scenario = scenario_from_profile("gx2-datacentre", kind="file", path=str(path))
    html = report_html(evaluate(scenario, embedded).result(), "en")

    class Reader(HTMLParser):
        tags, texts = set(), []

        def handle_starttag(self, tag, attributes):
            self.tags.add(tag)
            assert not [name for name, _ in attributes if name.startswith("on")]

        def handle_data(self, data):
            self.texts.append(data)

    reader = Reader()
    reader.feed(html)
    assert "script" not in reader.tags
    for name in HOSTILE:
        assert sum(name in text for text in reader.texts) >= 3, name  # map, ranking, reasons
    assert "49" not in [text.strip() for text in reader.texts]
