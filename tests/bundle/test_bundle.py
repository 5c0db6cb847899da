"""The folder of `make bundle` starts on a machine without an index. Run after `make bundle`: pytest -m bundle."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

BUNDLE = Path(__file__).parents[2] / "bundle"

pytestmark = pytest.mark.bundle


def test_the_bundle_installs_without_an_index_and_serves(tmp_path):
    assert BUNDLE.is_dir(), "run `make bundle` first"
    folder = tmp_path / "bundle"
    shutil.copytree(BUNDLE, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "LANG"}}
    nowhere = {
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "HOME": str(tmp_path),
        "STREAMLIT_SERVER_PORT": str(port),
    }
    process = subprocess.Popen(
        ["/bin/sh", folder / "start.sh"], env=kept | nowhere, cwd=tmp_path, start_new_session=True
    )
    try:
        for _ in range(600):
            assert process.poll() is None
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("no answer")
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)
