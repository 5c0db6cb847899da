import numpy as np
import pytest
from importing import read, substation, written
from office_files import TSO_LINES

from geodata import GeodataError
from geodata.imports import KINDS


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_capacity_tables_are_joined_by_name_and_voltage_and_the_rest_is_listed(tmp_path, store, encoding):
    known = substation(store)
    text = TSO_LINES.format(name=known["name"].removesuffix("変電所") + "変電所", kv=int(known["voltage_kv"]))
    (tmp_path / "kikan.csv").write_bytes(text.replace("−", "－").encode(encoding))
    found = read(tmp_path / "kikan.csv", "tso_capacity", store)
    frame = found.layer.frame
    assert frame["room_here_mw"].tolist() == [800]
    assert frame["equipment_mw"].tolist() == [1200]
    assert frame["geometry"].iloc[0].equals(known["geometry"])
    said = " ".join(found.report.sentences())
    assert "どこにもない変電所" in said
    assert "for generation" in said
    assert found.report.encoding == ("cp932" if encoding == "cp932" else "utf-8")
    assert not any("demand" in name for name in found.layer.spec.fields)


def test_capacity_columns_are_room_for_generation():
    assert "発電側" in KINDS["tso_capacity"].title.ja
    assert KINDS["tso_capacity"].redistributable == "no"


def test_demand_room_comes_from_bands_or_megawatts(tmp_path, store):
    known = substation(store)
    rows = f"name,band_mw,room_mw,lead_years,as_of,lon,lat\n{known['name']},201〜300,,5,2026-09,,\nX,,80,3,2026-09,136.2,36.0\nY,巨大,,3,2026-09,136.3,36.0\n"
    (tmp_path / "d.csv").write_text(rows, "utf-8")
    found = read(tmp_path / "d.csv", "demand_room", store)
    assert found.layer.frame["room_mw"].tolist()[:2] == [201, 80]
    assert np.isnan(found.layer.frame["room_mw"].iloc[2])
    assert found.layer.frame["lead_years"].tolist()[0] == 5
    assert any(p.column == "band_mw" and p.rows == (3,) for p in found.report.problems)


def test_capacity_is_never_joined_to_another_voltage_and_kilowatts_are_converted(tmp_path, store):
    known = substation(store)
    head = "変電所名,電圧(一次)(kV),設備容量(kW),空容量(当該設備)(kW)\n"
    rows = f"{known['name']},66,100000,50000\n{known['name']},{int(known['voltage_kv'])},100000,50000\n"
    (tmp_path / "t.csv").write_bytes((head + rows).encode("cp932"))
    found = read(tmp_path / "t.csv", "tso_capacity", store)
    assert found.layer.frame["room_here_mw"].tolist() == [50]
    assert found.layer.frame["voltage_kv"].tolist() == [known["voltage_kv"]]
    (tmp_path / "n.csv").write_bytes(f"変電所名,空容量(当該設備)(MW)\n{known['name']},5\nどこか,6\n".encode("cp932"))
    assert len(read(tmp_path / "n.csv", "tso_capacity", store).layer.frame) == 1
    (tmp_path / "z.csv").write_bytes("変電所名,空容量(当該設備)(MW)\nどこか,6\n".encode("cp932"))
    with pytest.raises(GeodataError, match="at least one usable row"):
        read(tmp_path / "z.csv", "tso_capacity", store)


@pytest.mark.parametrize(
    "case",
    [
        ("空容量(当該設備)(MW)", "▲35", -35.0),
        ("空容量(当該設備)(MW)", "（35）", -35.0),
        ("空容量(当該設備)(MW)", "△1,200kW", -1.2),
        ("空容量(当該設備)(MW)", "33万kW", 330.0),
        ("空容量(当該設備)(kW)", "▲35,000", -35.0),
        ("空容量(当該設備)(MW)", "(35MW)", None),
        ("空容量(当該設備)(MW)", "35以上", None),
        ("空容量(当該設備)(MW)", "10～35", None),
    ],
)
def test_capacity_keeps_its_sign_or_is_unknown(tmp_path, store, case):
    heading, cell, expected = case
    known = substation(store)
    rows = f'変電所名,電圧(kV),"{heading}"\n{known["name"]},{int(known["voltage_kv"])},"{cell}"\n{known["name"]},{int(known["voltage_kv"])},5\n'
    found = read(written(tmp_path, rows), "tso_capacity", store)
    value = found.layer.frame["room_here_mw"].iloc[0]
    assert value == pytest.approx(np.nan if expected is None else expected, nan_ok=True)
    assert (expected is not None) or any(p.column == "room_here_mw" for p in found.report.problems)
