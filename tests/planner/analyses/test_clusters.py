import pytest

from planner import analyses
from planner.decision.clusters import ClusterChoice
from planner.decision.space import distance_m


@pytest.mark.parametrize("kind", ["disc", "prefecture", "block"])
def test_every_site_is_in_one_cluster_and_every_plot_counts_once(result, kind):
    found = analyses.clusters(result, ClusterChoice(kind=kind), "ja")
    members = [site for ids in found.facts["members"].values() for site in ids]
    assert len(members) == len(set(members))
    plots = result.table.loc[members, "site_available_now_ha"]
    assert found.table["area_ha"].sum() == pytest.approx(plots.sum())
    assert found.shapes.is_valid.all()
    assert (found.table["area_ha"][found.table["requirement"].eq("pass")] >= 30).all()
    ranked = set(result.table.index[result.table["status"].eq("ranked")])
    held = found.table.index.map(lambda id_: not ranked.isdisjoint(found.facts["members"][id_]))
    assert found.table["rank"].notna().eq(found.table["requirement"].eq("pass") & held).all()


def test_a_disc_holds_only_what_lies_within_its_radius(result):
    found = analyses.clusters(result, ClusterChoice(radius_km=10), "en")
    for centre, ids in found.facts["members"].items():
        far = result.table.loc[ids]
        here = result.table.loc[centre]
        assert distance_m(far["lon"].to_numpy(), far["lat"].to_numpy(), here["lon"], here["lat"]).max() <= 10_000


def test_a_prefecture_is_called_by_its_name_in_the_readers_language(result):
    named = {
        language: analyses.clusters(result, ClusterChoice(kind="prefecture"), language).table["name"]
        for language in ("ja", "en")
    }
    assert (named["ja"]["18"], named["en"]["18"]) == ("福井県", "Fukui")
