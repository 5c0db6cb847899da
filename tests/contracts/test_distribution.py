"""The wheel alone does the job, and nothing else of the same name is in the way."""

import os
import re
import site
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_both_packages_and_their_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for package in ("geodata", "planner"):
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert str(path.relative_to(ROOT)) in names
    assert not [
        name for name in names if name.split("/")[0] not in {"geodata", "planner"} and ".dist-info/" not in name
    ]


def test_the_wheel_installs_without_an_index_and_ranks(wheel, tmp_path):
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    packages = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"], check=True, capture_output=True, text=True
    )
    # dependencies from this environment; its own editable install is not followed, since nested .pth files are not read
    (Path(packages.stdout.strip()) / "dependencies.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel], check=True)
    out = tmp_path / "x.geojson"
    command = [
        venv / "bin" / "planner",
        "rank",
        "--profile",
        "gx2-datacentre",
        "--out",
        out,
        "--data-dir",
        tmp_path / "data",
    ]
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 100_000
    where = subprocess.run(
        [python, "-c", "import planner; print(planner.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert Path(where.stdout.strip()).is_relative_to(venv)


def test_no_other_distribution_of_our_import_names_is_installed():
    installed = {d.metadata["Name"].lower() for d in distributions()}
    assert not installed & {"geodata", "planner"}


def test_imports_between_modules_of_a_package_are_relative():
    for package in ("geodata", "planner"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8")
            if path.parent.name != "entry":
                assert not re.search(rf"^\s*(from|import) {package}[.\s]", text, re.MULTILINE), path


def test_the_lock_names_no_index():
    assert "http" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_app_py_starts_what_planner_serve_starts():
    root, served = ((ROOT / path).read_text("utf-8") for path in ("app.py", "planner/ui/entry/served.py"))
    assert "app = App(SCRIPT, middleware=guarded())\n" in root
    assert 'app = App(Path(__file__).parent / "main.py", middleware=guarded())\n' in served
