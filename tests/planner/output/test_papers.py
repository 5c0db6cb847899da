import io
from importlib.resources import files

import noto_cjk_sans_jp_regular
import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from geodata import Store
from geodata.country import crs
from planner import evaluate, scenario_from_profile
from planner.context.nearest import nearest_assets
from planner.context.region import mismatch, plants_by_technology, stocks
from planner.explain.funnel import funnel
from planner.explain.side_by_side import percentile, side_by_side
from planner.output.papers import region_pdf, site_pdf, stock_value


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def result(store):
    return evaluate(scenario_from_profile("gx2-datacentre"), store).result()


def test_the_funnel_counts_what_is_left_unknown_and_out(result):
    found = funnel(result, {"metro_km": ("at_least", 200.0), "available_ha": ("at_least", 50.0)})
    steps = found.steps
    assert steps["left"].is_monotonic_decreasing
    assert (steps["left"] + steps["out"].cumsum() == len(result.table)).all()
    certain = result.table["low_metro_km"] >= 200
    enough = result.table["low_available_ha"] >= 50
    passed = certain & enough & result.table["failed_gates"].eq("")
    assert (found.outcome.eq("pass") == passed).all()
    assert steps["unknown"].iloc[-1] == found.outcome.eq("unknown").sum()


def test_an_unknown_never_leaves_the_funnel(result):
    found = funnel(result, {"available_ha": ("at_least", 1e6)})
    unknown = result.table["value_available_ha"].isna() & result.table["failed_gates"].eq("")
    assert (found.outcome[unknown] == "unknown").all()


def test_no_limits_leave_what_the_gates_leave(result):
    assert funnel(result, {}).outcome.eq("pass").sum() == (result.table["status"] != "excluded").sum()


def test_side_by_side_says_percentiles_of_these_candidates(result):
    table = side_by_side(result, list(result.table.index[:3]), "en")
    assert table.shape == (len(result.criteria()), 3)
    assert table.map(lambda cell: "as good as" in cell or "unknown" in cell).all(axis=None)
    best = result.table["value_metro_km"].max()
    assert percentile(result, "metro_km", float(best)) == 1.0
    nearest = result.table["value_grid_275kv_km"].min()
    assert percentile(result, "grid_275kv_km", float(nearest)) == 1.0
    assert np.isnan(percentile(result, "metro_km", np.nan))


def test_the_nearest_assets_are_the_nearest_and_absent_layers_say_so(store, tiny):
    found = nearest_assets(store, 136.2, 36.06, "en").set_index("kind")
    substations = store.layer("substations").frame
    km = (
        crs.geodesic_m(substations.geometry.map(lambda p: p.x), substations.geometry.map(lambda p: p.y), 136.2, 36.06)
        / 1000
    )
    assert found.loc["Substation of 275 kV and over", "km"] == pytest.approx(km.min())
    assert np.isnan(found.loc["Station", "km"])
    assert found.loc["Station", "layer"] == "stations"
    assert nearest_assets(tiny, 140.1, 36.1, "ja")["km"].notna().sum() >= 6


def test_a_site_is_not_its_own_nearest_site(store):
    sites = store.layer("candidate_sites").frame
    first = sites.iloc[0]
    near = nearest_assets(store, first["geometry"].x, first["geometry"].y, "en", own_id=first["site_id"]).set_index(
        "kind"
    )
    assert near.loc["Candidate site", "name"] != first["name"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_region_has_three_stocks_and_tells_unknown_from_zero(store, tiny, language):
    fresh = stocks(store, ["18"], language)
    assert fresh["group"].nunique() == 3
    assert fresh.set_index("layer").loc["expressway_joints", "value"] != 0
    assert {"不明", "unknown"} & {stock_value(line, language) for _, line in fresh.iterrows()}
    pulled = stocks(tiny, ["08"], language)
    assert pulled["value"].notna().sum() > fresh["value"].notna().sum()
    assert (fresh["date"].ne("") | fresh["value"].isna()).all()


def test_the_mismatch_is_the_ministrys(store):
    national, block = mismatch(store, "KNK")
    assert national.set_index("key").loc["clerical", "mismatch_10k_persons"] > 0
    assert len(block) == 1
    assert plants_by_technology(store, ["18"]).empty


@pytest.mark.parametrize("language", ["ja", "en"])
def test_papers_are_pdf_in_both_languages(result, store, language):
    site = site_pdf(result, str(result.table.index[0]), store, language)
    region = region_pdf(store, ["18"], "福井県", language)
    assert site.startswith(b"%PDF")
    assert region.startswith(b"%PDF")
    assert len(io.BytesIO(site).getvalue()) > 20_000


def test_text_from_data_is_never_markup_on_paper(result, store):
    evil = result.table.index[0]
    table = result.table.assign(
        name=result.table["name"].where(result.table.index != evil, '#panic("x") *b* $x$ <a> \\ "')
    )
    assert site_pdf(type(result)(table, result.metadata), str(evil), store, "ja").startswith(b"%PDF")


def test_every_character_of_the_interface_is_in_the_font():
    """Typst prints a box for a character without a glyph, and does not say so."""
    known = set(TTFont(noto_cjk_sans_jp_regular.FONT_PATH).getBestCmap())
    shown = (files("planner.i18n") / "locale" / "ja.po").read_text("utf-8") + "≥≤−㏊髙﨑±"
    assert {c for c in shown if c.isprintable() and ord(c) not in known} == set()


def test_regions_as_a_table_keep_their_units(store):
    table = stocks(store, ["18", "17"], "en")
    assert isinstance(table, pd.DataFrame)
    assert table["unit"].ne("").all()
