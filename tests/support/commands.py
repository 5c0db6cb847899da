"""The command as a user runs it."""

import os
import subprocess
import sys


def run(*arguments, data_dir=None, **environment):
    """The command as a user runs it: a process, no network, its own data directory."""
    env = {**os.environ, "LC_ALL": "en_US.UTF-8", "PLANNER_DATA_DIR": str(data_dir or "/nonexistent"), **environment}
    command = [sys.executable, "-c", "from planner.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)
