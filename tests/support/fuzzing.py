"""Inputs by number: the same number is the same door and the same bytes, on any machine."""

import json
import random
import resource
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from commands import run
from hostile_files import CELLS, CSV_HEADS, POINT, collection, feature, table_of
from office_files import ESTAT, ESTATES, TSO_LINES, geojson_zip, ksj_frame, shape_zip, workbook

from geodata import GeodataError, Store, coverage, imports
from geodata.imports import KINDS, Options
from geodata.imports.candidates import read_candidates
from planner.evaluation import evaluate
from planner.measure.own import read_own
from planner.output.files import read_result, write
from planner.scenario.bind import bind
from planner.scenario.merge import load_scenario, scenario_from_profile
from planner.ui import address

SECONDS, MEMORY_MB = 20, 1_500
VALUES = (
    *("", "-1", "0", "1e400", "nan", "inf", "9" * 5_000, "x", "２", "∞", "--", "99999999999", "1.5", "-0", "0x10", "١"),
    *("a" * 5_000, "北海道", "01,02", "all", "139,35,100", "139,35", "nan,nan,nan", "1,2,3,4", "\ud83d", "a=1", "HKD=9", "%00", "../..", "/dev/zero"),
    *("dirichlet", "disc", "1km", "mesh", "ja", "[red]", "{x}", "\n", "\x1b[2J", "-" * 300, "," * 3_000, ":" * 3_000, "%" * 3_000),
)  # fmt: skip
OPTIONS = {
    "robust": ("--top", "--draws", "--weights", "--seed"),
    "breakeven": ("--top", "--lang"),
    "clusters": ("--kind", "--radius-km", "--min-area-ha", "--min-members"),
    "portfolio": ("--k", "--spacing-km", "--budget", "--costs", "--min", "--max-per-block"),
    "compare": ("--lang",),
    "explain": ("--lang",),
    "rank": ("--profile", "--scenario", "--candidates", "--prefectures", "--mesh", "--within", "--lang"),
    "data check": ("--as", "--lang"),
    "data coverage": ("--plants", "--totals"),
}
TOML_PARTS = (
    *("[criteria.grid_275kv_km]", "weight = 1", "weight = 1e999", "weight = nan", "reach_m = 0x" + "f" * 900, "[own.x]", "[layers.x]"),
    *("kind = [1]", "kind = {a = 1}", "[candidates]", 'kind = "file"', 'path = "/dev/zero"', 'path = "\\u0000"', f'path = "{"x" * 5_000}"', "within = 3"),
    *("[[changes]]", 'kind = "add"', 'layer = "substations"', "path = [[139, 35], [1e400, 35]]", "properties = {a = [1]}", "a.b.c.d = 1"),
    *("a" + ".a" * 3_000 + " = 1", "x = " + "[" * 3_000, "x = " + "9" * 5_000, "x = 1979-05-27", "[stakeholders.甲]", "power = -1", "\x00", "profile = 3"),
    *("[branches.power]", "weight = true", "[gates.x]", "at_least = 1e308", "[robustness]", "draws = 99999999999999", "top = 0", "[clusters]", 'ids = ["a", 1]'),
)  # fmt: skip
SUFFIXES = (
    ".zip",
    ".csv",
    ".xlsx",
    ".geojson",
    ".json",
    ".osm",
    ".graphml",
    ".gml",
    ".shp",
    ".gz",
    ".gpkg",
    ".parquet",
    ".toml",
    ".txt",
    "",
)


@dataclass(frozen=True)
class Case:
    """One input: a file for a door, or arguments for the command."""

    number: int
    door: str
    suffix: str = ""
    content: bytes = b""
    arguments: tuple[str, ...] = ()


class Doors:
    """Every way in, with whole files to start from; made once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, Store(folder / "data")
        self.seeds = {**_tables(), **_vectors(folder), **self._results()}
        self.readers = {
            "candidates": read_candidates,
            "own layer": read_own,
            "result": read_result,
            "scenario": lambda path: bind(load_scenario(path)),
            "totals": lambda path: coverage.power_plants(self.store, totals=path),
            "address": lambda path: address.read(dict.fromkeys(_PARAMETERS, path.read_text("utf-8", "replace"))),
            **{f"import {kind}": self._import(kind) for kind in KINDS},
        }

    def case(self, number: int) -> Case:
        """The input of a number."""
        dice = random.Random(number)  # noqa: S311  (not for secrets)
        if dice.random() < 0.12:
            return self._command(number, dice)
        door = dice.choice([*_PLAIN_DOORS, f"import {dice.choice(_KINDS)}", f"import {dice.choice(list(KINDS))}"])
        if door == "address":
            return Case(
                number, door, ".txt", ",".join(dice.choices(VALUES, k=dice.randint(1, 5))).encode("utf-8", "replace")
            )
        suffix, content = dice.choice([self._whole, self._broken, self._broken, _cells, _features, _any])(dice, door)
        if door in {"scenario", "judgements"} and dice.random() < 0.8:
            suffix, content = ".toml", _toml(dice)
        return Case(number, door, suffix, content)

    def tried(self, case: Case) -> str:
        """What is wrong with the answer to an input; empty when it is a value or one sentence in time and memory."""
        path = self.folder / f"input{case.suffix}"
        path.write_bytes(case.content)
        start = time.process_time()
        signal.signal(signal.SIGPROF, _late)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            wrong = self._asked(case, path)
        except GeodataError as error:
            wrong = "" if str(error) and "Traceback" not in str(error) else f"no sentence: {error!r}"
        except BaseException as error:  # noqa: BLE001  (anything else is what is looked for)
            wrong = f"{type(error).__name__}: {str(error)[:300]}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        taken = time.process_time() - start
        held = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        if not wrong and taken > SECONDS:
            return f"took {taken:.0f} s"
        return f"held {held:.0f} MB" if not wrong and held > MEMORY_MB else wrong

    def _asked(self, case: Case, path: Path) -> str:
        if case.door in self.readers:
            self.readers[case.door](path)
            return ""
        known = {"RESULT": str(self.result), "INPUT": str(path), "OUT": str(self.folder / "out.csv")}
        answer = run(*(known.get(word, word) for word in case.arguments), data_dir=self.folder / "data")
        if answer.returncode not in {0, 2} or "Traceback" in answer.stdout + answer.stderr:
            return f"exit {answer.returncode}: {answer.stderr[-500:]}"
        return ""

    def _import(self, kind):
        def read(path):
            return imports.read(
                path, kind, Options(), lambda id_: self.store.layer(id_) if self.store.has(id_) else None
            )

        return read

    def _results(self):
        evaluation = evaluate(scenario_from_profile("gx2-datacentre", prefectures=["18", "17"]), self.store)
        found = {}
        for suffix in (".geojson", ".gpkg", ".xlsx", ".parquet", ".csv"):
            self.result = self.folder / f"result{suffix}"
            write(evaluation, self.result)
            found[f"result {suffix}"] = (suffix, self.result.read_bytes())
        (self.folder / "input.csv.json").write_bytes((self.folder / "result.csv.json").read_bytes()) if (
            self.folder / "result.csv.json"
        ).is_file() else None
        self.result = self.folder / "result.parquet"
        return found

    def _command(self, number, dice):
        name = dice.choice(list(OPTIONS))
        words = name.split()
        if name in {"robust", "breakeven", "clusters", "portfolio", "compare", "explain"}:
            words.append("RESULT" if dice.random() < 0.8 else dice.choice(VALUES))
        if name in {"breakeven", "explain"}:
            words.append(dice.choice(VALUES))
        if name == "compare":
            words.append(dice.choice(["RESULT", "INPUT"]))
        if name == "rank":
            words += [
                "--out",
                "OUT",
                *(["--profile", "gx2-datacentre", "--prefectures", "18"] if dice.random() < 0.7 else []),
            ]
        if name == "data check":
            words.append("INPUT")
        for option in dice.sample(OPTIONS[name], k=min(dice.randint(1, 2), len(OPTIONS[name]))):
            words += [option, dice.choice(["INPUT", *VALUES])]
        suffix, content = dice.choice([self._whole, self._broken, _cells, _any])(dice, "")
        clean = [word.encode("utf-8", "replace").decode().replace("\0", "") for word in words]
        return Case(number, "command", suffix, content, tuple(clean))

    def _whole(self, dice, door):
        fitting = [name for name in self.seeds if door and (name in door or door.startswith(name.split()[0]))]
        return self.seeds[dice.choice(fitting if fitting and dice.random() < 0.7 else list(self.seeds))]

    def _broken(self, dice, door):
        suffix, content = self._whole(dice, door)
        return suffix if dice.random() < 0.95 else dice.choice(SUFFIXES), broken(content, dice)


_PLAIN_DOORS = ("candidates", "own layer", "result", "scenario", "scenario", "totals", "address")
_KINDS = ("ksj_a33", "tso_capacity", "demand_room", "estates", "estat", "prefecture_table", "road_network")
_PARAMETERS = [codec.parameter for codec in address.CODECS]
_SPLICES = (b",", b"\n", b"<", b'"', b"\x00", b"\xff", "県".encode(), b"=cmd()", b"1e999", b"[" * 2_000, b"9" * 5_000, b"{" * 2_000, b"\xf0\x9f\x98\x80", b"&a;", b"\\u0000", b"\\ud800", b"null", b"NaN")  # fmt: skip


def broken(content, dice):
    """Bytes cut, flipped, doubled or spliced."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(data) or 1)
        match dice.randrange(6):
            case 0:
                del data[at : at + dice.randint(1, 40)]
            case 1 | 2:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 3:
                data[at:at] = dice.choice(_SPLICES)
            case 4:
                data[at:at] = data[at : at + dice.randint(1, 2_000)]
            case _:
                data = data[: dice.randint(0, len(data))] if dice.random() < 0.3 else data
    return bytes(data) or b"x"


def _late(*_):
    raise TimeoutError(f"more than {SECONDS} s")


def _cells(dice, _):
    head, cells = dice.choice(CSV_HEADS), dice.choices((*CELLS, *VALUES), k=3)
    return ".csv", table_of(dice.choice(cells), head) + table_of(cells[0], head) * dice.randint(0, 3)


def _features(dice, _):
    geometry = {"type": dice.choice(["Point", "Polygon", "MultiPoint", "LineString", "x"]), "coordinates": dice.choice([[139, 35], [[139, 35]], [[[139, 35], [139.1, 35], [139, 35.1], [139, 35]]], [], None, [1e300, 35], ["a"], [[[[139]]]]])}  # fmt: skip
    names = ["name", "面積ha", "site_id", "pref_code", "muni_code", "A33_001", "geometry", "", "id", "団地名"]
    values = [*CELLS, *VALUES, 1, 1.5, None, True, [1], {"a": 1}, 10**30, -0.0]
    rows = [
        feature(dice.choice([geometry, POINT]), **{dice.choice(names): dice.choice(values) for _ in range(3)})
        for _ in range(dice.randint(0, 4))
    ]
    crs = {
        "crs": {"type": "name", "properties": {"name": dice.choice(["EPSG:6677", "EPSG:4301", "x", "EPSG:30100", ""])}}
    }
    return dice.choice([".geojson", ".json", ".topojson"]), collection(rows, **(crs if dice.random() < 0.3 else {}))


def _toml(dice):
    return "\n".join(['profile = "gx2-datacentre"', *dice.choices(TOML_PARTS, k=dice.randint(1, 6))]).encode()


def _any(dice, _):
    return dice.choice(SUFFIXES), dice.randbytes(dice.randint(0, 400))


def _tables():
    way = '<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>'
    nodes = '<node id="1" lat="36.0" lon="136.2"/><node id="2" lat="36.01" lon="136.2"/>'
    capacity = "technology,total_mw,definition,as_of,source_url\nsolar,1,a,2024,b\n"
    return {
        "tso_capacity": (".csv", TSO_LINES.format(name="新福井", kv=275).encode("cp932")),
        "estates": (".csv", "団地名,経度,緯度,総面積(ha),時点\nA,136,36,1.5,令和6年\n".encode()),
        "candidates": (".csv", b"name,lon,lat,area_ha,muni_code\nA,136.2,36,2,18201\n"),
        "estat": (".csv", ESTAT.encode()),
        "prefecture_table": (".csv", "都道府県,値\n福井県,1\n".encode()),
        "road_network": (".osm", f"<osm version='0.6'>{nodes}{way}</osm>".encode()),
        "totals": (".csv", capacity.encode()),
        "scenario": (".toml", b'profile = "gx2-datacentre"\n[criteria.grid_275kv_km]\nweight = 3\n'),
    }


def _vectors(folder):
    places = gpd.GeoDataFrame(
        {"name": ["甲", "乙"]}, geometry=[shapely.Point(139, 35), shapely.Point(140, 36)], crs=6668
    )
    pyogrio.write_dataframe(places, folder / "places.gpkg", driver="GPKG")
    with closing(sqlite3.connect(folder / "places.gpkg")) as database:
        database.execute("UPDATE gpkg_spatial_ref_sys SET definition = 'GEOGCS[broken'")
        database.commit()
    return {
        "ksj_a33 shape": (".zip", shape_zip(ksj_frame("ksj_a33"), folder).read_bytes()),
        "ksj_a33 zip": (".zip", geojson_zip(ksj_frame("ksj_a33"), folder).read_bytes()),
        "own": (".geojson", json.dumps(json.loads(places.to_json())).encode()),
        "candidates gpkg": (".gpkg", (folder / "places.gpkg").read_bytes()),
        "estates book": (".xlsx", workbook(ESTATES, folder / "e.xlsx").read_bytes()),
    }
