"""A real server and a real browser. Every page of the browser watches its own requests and console."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=PreloadTopChromeWebUI",
]
STILL = """addEventListener('DOMContentLoaded', () => {
    const style = document.createElement('style')
    style.textContent = '*, *::before, *::after { animation: none !important; transition: none !important }'
    document.head.append(style)
})"""
"""Nothing moves: without a graphics card each step of a movement is drawn by the processor."""


def serve(command, data_dir, tmp_path, **environment):
    """Start a server on a free port; yields its address and ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "STREAMLIT_SERVER_PORT": str(port), "PLANNER_DATA_DIR": str(data_dir), **environment}
    log = (tmp_path / "server.log").open("w")
    process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path)
    address = f"http://127.0.0.1:{port}{environment.get('BASE', '')}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310  (our own server)
            break
        except OSError:
            assert process.poll() is None, (tmp_path / "server.log").read_text()
            time.sleep(0.2)
    yield address
    process.terminate()
    process.wait(10)
    log.close()
    assert "Traceback" not in (tmp_path / "server.log").read_text()


@pytest.fixture(scope="session")
def fresh_server(tmp_path_factory):
    """`planner serve` on a fresh machine."""
    folder = tmp_path_factory.mktemp("fresh")
    planner = [sys.executable, "-c", "from planner.cli import main; main()", "serve"]
    yield from serve(planner, folder / "data", folder)


@pytest.fixture(scope="session")
def tiny_server(tmp_path_factory, tiny, mirror):
    """The app on the tiny country, under a base path."""
    folder = tmp_path_factory.mktemp("tiny-server")
    script = folder / "app.py"
    script.write_text(
        "from streamlit.starlette import App\nfrom planner.ui.guard import guarded\n"
        "app = App('pages.py', middleware=guarded())\n",
        "utf-8",
    )
    (folder / "pages.py").write_text(
        "from pathlib import Path\nimport geodata.store, tiny_country\n"
        f"specs = tiny_country.build(Path({str(mirror)!r}))\ngeodata.store.catalogue = lambda: specs\n"
        "from planner.ui.router import main\nmain()\n",
        "utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.headless=true",
        "--server.address=127.0.0.1",
    ]
    path = os.pathsep.join([str(ROOT / "tests" / "support"), str(ROOT)])
    settings = {"STREAMLIT_SERVER_BASE_URL_PATH": "gx", "BASE": "/gx", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}
    yield from serve(command, tiny.root, folder, PYTHONPATH=path, **settings)


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium."""
    if CHROMIUM is None:
        if os.environ.get("PLANNER_BROWSER_REQUIRED"):
            pytest.fail("chromium is required here and not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def visitors(browser):
    """Where Japanese pages open: what one of them fetched of the app's own scripts is there for the next."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP", accept_downloads=True)
    context.add_init_script(STILL)
    yield context
    context.close()


@pytest.fixture
def page(visitors):
    """A Japanese page; afterwards no request has left the server, none failed and the console is clean."""
    page = visitors.new_page()
    outside, failed, errors = [], [], []
    page.on(
        "request",
        lambda r: outside.append(r.url) if not r.url.startswith(("http://127.0.0.1:", "data:", "blob:")) else None,
    )
    page.on("requestfailed", lambda r: failed.append((r.url, r.failure)))
    page.on("response", lambda r: failed.append((r.url, r.status)) if r.status >= 400 else None)
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    yield page
    page.close()
    assert outside == []
    assert [f for f in failed if "ERR_ABORTED" not in str(f[1])] == []
    assert errors == []
