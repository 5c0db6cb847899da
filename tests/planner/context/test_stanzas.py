import pytest
from pydantic import ValidationError

from geodata.catalogue import catalogue
from planner.context.nearest import asset_kinds
from planner.context.overlays import Overlay, overlays
from planner.context.stanzas import Shown

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
