import dataclasses

import pytest

from geodata import GeodataError, Layers, Store
from geodata.errors import LayerMissingError
from geodata.store.overlay import OverlaidStore


@pytest.fixture(scope="module")
def front(embedded):
    """A layer that no catalogue knows."""
    layer = embedded.layer("kosen")
    spec = layer.spec.model_copy(update={"id": "mine"})
    return dataclasses.replace(layer, spec=spec, frame=layer.frame.head(3), version="of-mine")


@pytest.fixture(scope="module")
def overlaid(embedded, front) -> Layers:
    return OverlaidStore(embedded, {"mine": front, "kosen": front})


def test_a_layer_in_front_is_opened_before_one_of_its_name_behind(overlaid, front):
    assert overlaid.layer("mine") is front
    assert overlaid.layer("kosen") is front
    assert len(overlaid.layer("airports").frame) > 3


def test_versions_follow_what_is_in_front(overlaid, embedded):
    assert overlaid.versions() == {**embedded.versions(), "mine": "of-mine", "kosen": "of-mine"}


def test_what_is_behind_stays_as_it_is(overlaid, embedded):
    assert overlaid.has("mine")
    assert "mine" not in embedded.specs
    assert not overlaid.has("municipalities")
    with pytest.raises(LayerMissingError, match="planner data pull municipalities"):
        overlaid.layer("municipalities")


def test_an_unknown_layer_lists_those_in_front_too(overlaid):
    assert overlaid.spec("mine").id == "mine"
    with pytest.raises(GeodataError, match="mine"):
        overlaid.spec("nonsense")


def test_one_overlay_lies_on_another(overlaid, front):
    twice = OverlaidStore(overlaid, {"airports": front})
    assert twice.layer("mine") is front
    assert len(twice.layer("airports").frame) == 3
    assert twice.cache_dir("measures") == overlaid.cache_dir("measures")


def test_what_keeps_and_pulls_is_no_part_of_it(overlaid):
    assert not isinstance(overlaid, Store)
    assert not {"pull", "keep", "check", "root"} & set(dir(overlaid))
