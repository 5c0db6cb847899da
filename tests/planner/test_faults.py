import re
import tempfile
from pathlib import Path

import pytest
from commands import run

from planner import cli
from planner.faults import told
from planner.i18n import translator


def fault() -> Exception:
    try:
        return {}["nothing"]  # type: ignore[return-value]
    except KeyError as error:
        return error


@pytest.mark.parametrize(("language", "says"), [("ja", "このソフトの不具合"), ("en", "a fault of this program")])
def test_a_fault_is_told_as_one_and_names_a_report(language, says):
    sentence = told(fault(), "rank --profile x").said(translator(language))
    assert says in sentence
    assert "KeyError" in sentence
    path = Path(re.search(r"/\S+\.txt", sentence).group())
    report = path.read_text("utf-8")
    assert "rank --profile x" in report
    assert 'return {}["nothing"]' in report
    path.unlink()


def test_a_visitor_of_the_app_learns_no_path_of_the_machine():
    sentence = told(fault(), "app: explore", to_visitor=True).said(translator("en"))
    name = re.search(r"planner-fault-\S+\.txt", sentence).group()
    path = Path(tempfile.gettempdir()) / name
    assert "app: explore" in path.read_text("utf-8")
    assert "/" not in sentence
    path.unlink()


def test_without_a_place_for_the_report_the_sentence_stands_alone(monkeypatch):
    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda *_, **__: (_ for _ in ()).throw(OSError("full")))
    assert "Tell us what you did." in str(told(fault(), ""))


def test_the_command_exits_70_without_a_traceback(monkeypatch, capsys):
    def broken() -> None:
        raise KeyError("nothing")

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr("sys.argv", ["planner", "rank", "--lang", "en"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == cli.FAULT
    said = capsys.readouterr().err
    assert "fault of this program" in said.replace("\n", " ")
    assert "Traceback" not in said


def test_what_the_user_can_mend_is_said_in_the_language_asked_for(tmp_path):
    for language, says in (("ja", "のいずれか"), ("en", "expected one of")):
        answer = run("rank", "--profile", "nonsense", "--out", tmp_path / "x.csv", "--lang", language)
        assert (answer.returncode, "Traceback" in answer.stderr) == (2, False)
        assert says in answer.stderr, answer.stderr
