"""Start Streamlit on the packaged app with safe defaults."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from geodata.store.store import ENVIRONMENT_VARIABLE

_ENTRY = Path(__file__).parent / "entry"
SCRIPT = _ENTRY / "main.py"
HOSTS_VARIABLE = "PLANNER_HOSTS"
"""Environment variable with further names of the server, separated by commas."""

DEFAULTS = {
    "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
    "STREAMLIT_SERVER_HEADLESS": "true",
    "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "200",
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_CLIENT_TOOLBAR_MODE": "viewer",
    "STREAMLIT_THEME_PRIMARY_COLOR": "#00538b",
}
"""Set only where the environment does not say otherwise, so that e.g. STREAMLIT_SERVER_PORT wins."""


def environment(data_dir: Path | None, hosts: Sequence[str] = ()) -> dict[str, str]:
    """Environment of the server process."""
    chosen = {ENVIRONMENT_VARIABLE: str(data_dir.resolve())} if data_dir else {}
    if hosts:
        chosen[HOSTS_VARIABLE] = ",".join(hosts)
    return {**DEFAULTS, **os.environ, **chosen}


def run(data_dir: Path | None, hosts: Sequence[str] = ()) -> int:
    """Serve until stopped; returns the exit code. On POSIX this process becomes the server, so that a signal ends it."""
    command = [sys.executable, "-m", "streamlit", "run", str(_ENTRY / "served.py")]
    if os.name == "posix":
        os.execve(sys.executable, command, environment(data_dir, hosts))  # noqa: S606  (our own command)
    try:
        return subprocess.run(command, env=environment(data_dir, hosts), check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0
