"""Reading a table as an import does."""

from geodata import imports
from geodata.imports import Options
from geodata.store.overlay import OverlaidStore


def read(path, kind, store, **options):
    return imports.read(path, kind, Options(**options), lambda id_: store.layer(id_) if store.has(id_) else None)


def substation(store):
    frame = store.layer("substations").frame
    once = frame[~frame["name"].duplicated(keep=False) & frame["voltage_kv"].ge(275)]
    return once.iloc[0]


def written(tmp_path, text, name="t.csv", encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


def told(found):
    return " ".join(found.report.sentences())


def with_tables(tiny, folder, **tables):
    """The tiny country with tables of the user's own in front."""
    seen = tiny
    for n, (kind, (layer, text)) in enumerate(tables.items()):
        place = folder / str(n)
        place.mkdir()
        seen = OverlaidStore(seen, {layer: read(written(place, text), kind, tiny).layer})
    return seen
