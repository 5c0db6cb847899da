"""Steps in a real browser that several tests take."""

import re

ROW, HEADER = 35, 35
FAULT = re.compile("このソフトの不具合|a fault of this program")


def without_fault(page):
    """What nobody raised on purpose is told on the page; a test must not pass over it."""
    told = page.get_by_text(FAULT)
    assert told.count() == 0, told.first.inner_text()


def opened(page, address):
    page.goto(address)
    page.wait_for_selector('[data-testid="stDataFrame"] canvas', timeout=60_000)
    settled(page)
    return page


def settled(page):
    """Wait until the script has run and the map stands."""
    ready(page)
    frame(page).wait_for_selector("img.leaflet-image-layer", timeout=30_000)
    page.wait_for_timeout(100)


def frame(page):
    page.wait_for_selector('iframe[title*="folium"]', timeout=30_000)
    return next(f for f in page.frames if "streamlit_folium" in f.url)


def why(page):
    return reason(page).inner_text()


def reason(page):
    """The heading that names the chosen site; `expect` waits for it after a click, which the map sends on with a delay."""
    return page.get_by_role("heading", name=re.compile("この候補地の理由"))


def click_map(page, lon, lat):
    """Click a place on the map as drawn."""
    spot = frame(page).evaluate(POINT, [lat, lon])
    box = page.locator('iframe[title*="folium"]').bounding_box()
    page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    settled(page)


def last_rows(page, table):
    """What a table draws at its end: it holds only the rows in sight."""
    frame = page.locator('[data-testid="stDataFrame"]').nth(table)
    for _ in range(20):
        frame.hover()
        page.mouse.wheel(0, 5000)
        page.wait_for_timeout(400)
        drawn = frame.locator("canvas").first
        if f'aria-rowindex="{drawn.locator("table").get_attribute("aria-rowcount")}"' in drawn.inner_html():
            break
    return drawn.inner_html()


POINT = """([lat, lon]) => {
    const inside = window.map.getContainer().getBoundingClientRect()
    const spot = window.map.latLngToContainerPoint([lat, lon])
    return [inside.x + spot.x, inside.y + spot.y]
}"""


def upload(page, path):
    """Bring a layer of one's own through the side bar."""
    give(page, "4. 自分のデータを基準に加える", path)


def give(page, expander, path):
    """Open an expander of the side bar and hand a file to it."""
    page.get_by_text(expander).click()
    page.get_by_test_id("stExpander").filter(has_text=expander).locator("input[type=file]").set_input_files(path)
    settled(page)


def ready(page):
    """Wait until the script of any page has run: until nothing has been at work for a while."""
    page.evaluate("() => { delete window.quietSince }")
    page.wait_for_function(QUIET, timeout=90_000, polling=50)
    without_fault(page)


QUIET = """() => {
    const app = document.querySelector('[data-testid=stApp]')
    const atWork = app?.dataset.testScriptState !== 'notRunning' || document.querySelector('[data-testid=stSpinner]')
    window.quietSince = atWork ? undefined : window.quietSince ?? performance.now()
    return performance.now() - window.quietSince > 400
}"""
