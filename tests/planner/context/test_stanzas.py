import pytest
from pydantic import ValidationError

from geodata.catalogue import catalogue
from planner.context import stanzas
from planner.context.nearest import asset_kinds
from planner.context.overlays import Overlay, overlays
from planner.context.stanzas import Shown
from planner.errors import PlannerError

EVERY = {f"{file.__name__}-{id_}": shown for file in (overlays, asset_kinds) for id_, shown in file().items()}


@pytest.mark.parametrize("shown", EVERY.values(), ids=EVERY)
def test_a_stanza_names_a_layer_and_fields_of_the_catalogue(shown):
    spec = catalogue()[shown.layer]
    fields = {test.field for test in shown.where} | {getattr(shown, "largest", None)} - {None}
    assert fields <= set(spec.fields)


def test_a_stanza_knows_no_other_keys():
    with pytest.raises(ValidationError, match="Extra inputs"):
        Shown.model_validate({"title": {"ja": "駅", "en": "Stations"}, "layer": "stations", "keep": "all"})
    with pytest.raises(ValidationError, match="colour"):
        Overlay.model_validate({"title": {"ja": "駅", "en": "Stations"}, "layer": "stations", "colour": "red"})


def test_a_stanza_that_lacks_something_names_its_file(tmp_path, monkeypatch):
    (tmp_path / "overlays.toml").write_text('[rail]\ntitle = {en = "Rail"}\nlayer = "stations"\n', "utf-8")
    monkeypatch.setattr(stanzas, "files", lambda _: tmp_path)
    with pytest.raises(PlannerError, match=r"(?s)overlays\.toml: stanza rail: .*title\.ja"):
        stanzas.read_stanzas("overlays.toml", Overlay)
