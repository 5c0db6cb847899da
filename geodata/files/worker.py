"""
The process in which GDAL, openpyxl and Arrow read files of others: bounded memory, time and rows; of GDAL one named driver.

Started by `process`, never imported.

One JSON request a line on standard input, one JSON answer a line on standard output; the rows go to an Arrow file. Each
request is handled in a fork where the system has forks, so that what one file does cannot reach the next.
"""

import importlib.util
import json
import os
import signal
import sys
import time
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

sys.modules["geopandas"] = None  # type: ignore[assignment]  # pyogrio works without it and starts in a third of the time

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyogrio.raw
from pyogrio import _ogr

_POLL_S = 0.002
_PART_ROWS = 32_768
_PATIENCE = 3  # seconds of waiting for one of work: the machine may be busy with others


def _only(driver: str) -> None:
    """Leave GDAL with one driver; whatever a file's content looks like, no other can open it."""
    others = ",".join(name for name in pyogrio.list_drivers() if name != driver)
    pyogrio.set_gdal_config_options({"GDAL_SKIP": f"{others},", "OGR_SKIP": f"{others},"})
    _ogr._register_drivers()  # noqa: SLF001  (the only way to have GDAL read GDAL_SKIP again)
    left = set(pyogrio.list_drivers())
    if left != {driver}:
        raise RuntimeError(f"expected the driver {driver} alone, found {', '.join(sorted(left))}")


def _bound(memory: int, seconds: float) -> None:
    if os.name == "posix":
        import resource  # noqa: PLC0415  (not on Windows)

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(request: dict[str, Any]) -> dict[str, Any]:
    """Rows of one layer into request["to"], and what the file says of itself."""
    pyogrio.set_gdal_config_options({"GML_DOWNLOAD_SCHEMA": "NO", "GML_SKIP_RESOLVE_ELEMS": "ALL"})
    _only(request["driver"])
    path, layer, encoding = request["path"], request["layer"], request["encoding"]
    info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    answer = {
        "crs": info["crs"],
        "driver": info["driver"],
        "fields": [str(name) for name in info["fields"]],
        "dataset_metadata": info["dataset_metadata"],
        "geometry": None,
    }
    if request["to"] is None:
        return answer
    columns = [str(name) for name in info["fields"]]
    meta, table = pyogrio.raw.read_arrow(
        path,
        layer=layer,
        encoding=encoding,
        max_features=request["most"],
        columns=columns,
        read_geometry=request["geometry"],
    )
    with pa.OSFile(request["to"], "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    named = meta.get("geometry_name") or "wkb_geometry"
    return answer | {"geometry": named if named in table.column_names else None}


@cache
def _beside(name: str) -> ModuleType:
    """A module of this folder, without the package around it, which takes seconds to import."""
    spec = importlib.util.spec_from_file_location(f"worker_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _workbook(request: dict[str, Any]) -> dict[str, Any]:
    """Sheets of an Excel workbook into request["to"]."""
    workbook = _beside("workbook")
    try:
        workbook.write(workbook.read(request["path"], typed=request["typed"], only=request["only"]), request["to"])
    except workbook.TooLargeError as error:
        return {"large": str(error)}
    return {}


def _parquet(request: dict[str, Any]) -> dict[str, Any]:
    """Rows of a Parquet file into request["to"], a part at a time, and its metadata."""
    source = pq.ParquetFile(request["path"])
    if source.metadata.num_rows > request["most"]:
        return {"large": "rows"}
    names = [name for name in source.schema_arrow.names if name != "geometry"]
    schema = pa.schema([source.schema_arrow.field(name) for name in names], source.schema_arrow.metadata)
    with pa.OSFile(request["to"], "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for part in source.iter_batches(_PART_ROWS, columns=names, use_threads=False):
            writer.write_batch(part)
    return {"metadata": {k.decode(): v.decode() for k, v in (schema.metadata or {}).items()}}


_TASKS = {"vector": _read, "workbook": _workbook, "parquet": _parquet}


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        _bound(request["memory"], request["seconds"])
        return _TASKS[request["task"]](request)
    except MemoryError:
        return {"failed": "memory"}
    except Exception as error:  # noqa: BLE001  (a broken file makes the library raise anything; each is one answer)
        return {"failed": "unreadable", "detail": f"{type(error).__name__}: {error}"[:400]}


def _forked(request: dict[str, Any]) -> dict[str, Any]:
    """The answer of a child; what it does not answer, its end says."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(json.dumps(_answer(request)).encode())
        os._exit(0)
    os.close(theirs)
    ends = time.monotonic() + _PATIENCE * request["seconds"]
    with os.fdopen(ours, "rb") as pipe:
        os.set_blocking(ours, False)
        content, late = b"", False
        while True:
            part = pipe.read()
            if part == b"":
                break
            content += part or b""
            if time.monotonic() > ends and not late:
                late = True
                os.kill(child, signal.SIGKILL)
            time.sleep(_POLL_S)
    _, status = os.waitpid(child, 0)
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGKILL, signal.SIGXCPU}):
        return {"failed": "time"}
    return json.loads(content) if content else {"failed": "memory"}


def main() -> None:
    """Answer requests until the input ends."""
    handle = _forked if hasattr(os, "fork") else _answer
    for line in sys.stdin:
        request = json.loads(line)
        if request["task"] == "workbook":
            _beside("workbook")  # here, so that each fork finds it loaded
        answer = handle(request)
        if "failed" in answer and request["to"]:
            Path(request["to"]).unlink(missing_ok=True)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
