"""The command as a user runs it: in this process where only its answer counts, else in a process of its own."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

from planner import cli


def run(*arguments, data_dir=None, **environment):
    """The command's own entry point in this process, on its own data directory; much faster than a process."""
    command = ["planner", *map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, _variables(data_dir, environment)),
        mock.patch.object(sys, "argv", command),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = _exit_code()
    return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


def run_process(*arguments, data_dir=None, encoding="utf-8", **environment):
    """The command in a process of its own: its start, its exit code, its locale and the encoding of its answer."""
    env = {**os.environ, **_variables(data_dir, environment)}
    command = [sys.executable, "-c", "from planner.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding=encoding, env=env, check=False)


def _variables(data_dir, environment):
    return {"LC_ALL": "en_US.UTF-8", "PLANNER_DATA_DIR": str(data_dir or "/nonexistent"), **environment}


def _exit_code():
    try:
        cli.main()
    except SystemExit as end:
        return end.code or 0
    return 0
