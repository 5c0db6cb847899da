import pytest
import tiny_country

from geodata import Store
from geodata.errors import SourceError
from geodata.store.mirror import write_mirror


def test_another_machine_pulls_the_same_layers_from_it(tiny, tmp_path):
    count = write_mirror(tiny, tmp_path / "stick")
    assert count == len(list((tmp_path / "stick" / "files").iterdir()))
    other = Store(tmp_path / "other", tiny.specs)
    assert {o.outcome for o in other.pull(mirror=tmp_path / "stick")} == {"built"}
    assert other.versions() == tiny.versions()


def test_nothing_pulled_is_nothing_to_mirror(mirror, tmp_path):
    with pytest.raises(SourceError, match="data pull"):
        write_mirror(Store(tmp_path / "data", tiny_country.build(mirror)), tmp_path / "stick")
