"""A source's kind decides the label; a label cannot contradict it."""

import pytest
from pydantic import ValidationError

from geodata import GeodataError
from planner.model.sources import BASES, LABELS, Source, Statement, citation, joined, kind_of, sources, with_citations

TITLE = {"ja": "資料", "en": "A text"}
HOSTS = {
    "https://www.meti.go.jp/press/1": {"ministry"},
    "https://www.pref.niigata.lg.jp/x": {"official", "quoted"},
    "https://www.itmedia.co.jp/x": {"press", "quoted"},
    "esingularity.ai/reports/jhr": {"press", "quoted"},
    None: {"ministry", "quoted", "own"},
}


@pytest.mark.parametrize("at", HOSTS)
@pytest.mark.parametrize("kind", LABELS)
def test_where_a_text_stands_decides_which_kinds_it_can_be(at, kind):
    quotes = {"quotes": TITLE} if kind == "quoted" else {}
    table = {"kind": kind, "date": "2026-06", "title": TITLE, "at": at, **quotes}
    if kind in HOSTS[at]:
        assert Source.model_validate(table).kind == kind
    else:
        with pytest.raises(ValidationError, match="expected a source of kind"):
            Source.model_validate(table)


@pytest.mark.parametrize(("kind", "quotes"), [("quoted", None), ("press", TITLE)])
def test_only_a_quoting_text_names_what_it_quotes(kind, quotes):
    with pytest.raises(ValidationError, match="names the ministry's text"):
        Source.model_validate({"kind": kind, "date": "2026", "title": TITLE, "at": "x.jp", "quotes": quotes})


def test_a_citation_puts_each_source_under_the_label_of_its_kind_and_under_no_other():
    for id_, source in sources().items():
        for language in ("ja", "en"):
            said = citation([id_])[language]
            assert said.startswith(LABELS[source.kind][language])
            assert not any(said.startswith(f"{label[language]}:") for k, label in LABELS.items() if k != source.kind)


def test_sources_of_two_kinds_are_told_apart_the_firmest_first():
    said = citation(["mynavi-2026-01", "meti-2026-06"]).en
    assert said.index(LABELS["ministry"].en) < said.index("fifth interim report") < said.index(LABELS["press"].en)
    assert kind_of(["mynavi-2026-01", "meti-2026-06"]) == "press"


def test_a_statement_without_a_known_source_is_refused():
    for ids in ([], ["nowhere"]):
        with pytest.raises(ValidationError):
            Statement.model_validate({"ja": "文", "en": "A sentence.", "sources": ids})


def test_statements_on_one_source_share_one_citation():
    first, second, third = (
        Statement(ja=f"文{n}。", en=f"{n}.", sources=(id_,)) for n, id_ in enumerate(["own", "own", "meti-2026-04"])
    )
    assert joined([first, second, third]).en == (
        "0. 1. (our own reading) 2. (ministry text read: METI, report on strengthening the manufacturing base 2026-04-15)"
    )


@pytest.mark.parametrize(
    ("basis", "ids", "borne"),
    [
        ("published", ["meti-2026-06"], True),
        ("published", ["meti-2026-06", "mynavi-2026-01"], False),
        ("published", ["jhr-call"], False),
        ("reported", ["jhr-call", "ktq-gx"], True),
        ("reported", ["own"], False),
        ("assumption", ["ktq-gx"], True),
    ],
)
def test_a_number_claims_no_more_than_its_source_bears(basis, ids, borne):
    table = {"gate": {"at_least": 30.0, "basis": basis, "source": "A number.", "sources": ids}}
    if borne:
        said = with_citations(table)["gate"]
        assert said == {"at_least": 30.0, "basis": basis, "source": f"A number. ({citation(ids).en})"}
    else:
        with pytest.raises(GeodataError, match=f"basis {basis}"):
            with_citations(table)


def test_a_number_without_sources_is_an_assumption():
    for basis in BASES:
        table = {"grid": {"weight": 1.0, "basis": basis, "source": "A paper."}}
        if basis in {"assumption", "calibrated"}:
            assert with_citations(table) == table
        else:
            with pytest.raises(GeodataError, match="kind own"):
                with_citations(table)


def test_the_papers_of_the_ministry_that_were_read_as_files_are_these_five():
    read = {id_ for id_, source in sources().items() if source.kind == "ministry" and source.at is None}
    assert read == {"meti-2026-06", "meti-2026-04", "meti-2026-03", "meti-2025-06", "meti-sokeizai"}
