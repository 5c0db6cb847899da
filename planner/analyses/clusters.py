"""Sites grouped under requirements, with an outline round the members of each cluster."""

import geopandas as gpd
import pandas as pd

from geodata.country import crs
from geodata.country.codes import prefectures

from ..decision.clusters import GROUND, ClusterChoice, Clusters, group_sites
from ..decision.portfolio import shared_of
from ..explain.amounts import quantity
from ..i18n import Language
from ..model.result import Result
from ..model.tables import FAIL, PASS, UNKNOWN
from .analysis import Analysis, AnalysisSpec, Choices, blocks
from .words import TOLD, Words

COLUMNS = {
    "cluster_id": "Identifier: the centre's site_id, a prefecture code or a block code.",
    "members": "Number of sites.",
    "ranked_members": "Number of ranked sites, which make the score.",
    "unknown_areas": "Members whose available area is unknown; area_ha is then a lower bound.",
    "requirement": "pass, fail or unknown: the area and number asked for.",
    "weakest_branch": "Branch with the smallest share of its possible points.",
    "weakest_share": "That share.",
    "loads": "Loads of the size asked for that the substations upstream of the members could carry by their class, each counted once; class, not room.",
    "pref_codes": "Prefectures of the members.",
    "member_ids": "Sites of the cluster.",
}
PREFIXES = {"best_": "Best proven value among the members: {title}, in {unit}."}

_OUTLINE_M = 500.0
_GROUND_NOTE = "Areas are the whole ground of the cells or municipalities, not land that can be had."


def clusters(result: Result, choice: ClusterChoice, language: Language) -> Analysis:
    """Group the sites that no gate excludes; one row per cluster, best first."""
    found = group_sites(result, choice, blocks())
    members = found.members.groupby(found.members).groups
    ids = {id_: list(members[id_]) for id_ in found.table.index}
    shared = shared_of(result)
    table = found.table.assign(
        name=_names(found, language), member_ids=[";".join(ids[id_]) for id_ in found.table.index]
    )
    if shared is not None:
        table["loads"] = [shared.loads(pd.Index(ids[id_])) for id_ in table.index]
    return Analysis(
        SPEC,
        table,
        choice.model_dump(mode="json"),
        tuple(cluster_sentences(table, choice, Words(result, language), ground=result.about.candidates.kind in GROUND)),
        {"members": ids},
        _outlines(found.members, result.table),
    )


def cluster_sentences(table: pd.DataFrame, choice: ClusterChoice, words: Words, *, ground: bool) -> list[str]:
    """How many meet the requirements, and the best of them."""
    counts = table["requirement"].value_counts()
    met = words.t(
        "{passed} clusters surely have {area} ha or more; for {unknown} it is unknown, {failed} have fewer sites or surely less land.",
        passed=int(counts.get(PASS, 0)),
        area=quantity(choice.min_area_ha),
        unknown=int(counts.get(UNKNOWN, 0)),
        failed=int(counts.get(FAIL, 0)),
    )
    best = table[table["requirement"].eq(PASS)].head(TOLD)
    noted = [words.t(_GROUND_NOTE)] if ground else []
    if "loads" in table:
        short = int((table["loads"] < table["members"]).sum())
        noted.append(
            words.t(
                "In {n} of {all} clusters the substations upstream carry fewer such loads than there are sites, by their class.",
                n=short,
                all=len(table),
            )
        )
    return [met, *noted, *(cluster_sentence(row, words) for _, row in best.iterrows())]


def cluster_sentence(row: pd.Series, words: Words) -> str:
    """One cluster."""
    branch = row["weakest_branch"]
    if not branch:
        return words.t(
            "{name}: {n} sites, at least {area} ha together; nothing is known that gives points.",
            name=row["name"],
            n=row["members"],
            area=quantity(row["area_ha"]),
        )
    return words.t(
        "{name}: {n} sites, at least {area} ha together, {score} points on average; weakest: {branch} ({share} of its points).",
        name=row["name"],
        n=row["members"],
        area=quantity(row["area_ha"]),
        score=f"{row['score']:.1f}",
        branch=words.branch(branch),
        share=f"{row['weakest_share']:.0%}",
    )


def _names(found: Clusters, language: Language) -> list[str]:
    """A disc is called after its centre, the others after the prefecture or block."""
    names = prefectures()["name" if language == "ja" else "name_en"]
    if found.choice.kind == "prefecture":
        return [names[id_] for id_ in found.table.index]
    if found.choice.kind == "block":
        titles = prefectures().set_index("block_code")["block" if language == "ja" else "block_en"]
        return [titles[~titles.index.duplicated()][id_] for id_ in found.table.index]
    return list(found.table["name"])


def _outlines(members: pd.Series, sites: pd.DataFrame) -> gpd.GeoSeries:
    """Convex hull of the members' centres with a margin: an outline for the map, not a boundary."""
    points = crs.points_in_work(sites.loc[members.index, "lon"], sites.loc[members.index, "lat"])
    grouped = gpd.GeoDataFrame({"cluster": members.to_numpy()}, geometry=points.array, crs=crs.WORK).dissolve("cluster")
    return grouped.geometry.convex_hull.buffer(_OUTLINE_M).to_crs(crs.EXPORT)


SPEC = AnalysisSpec(
    "clusters",
    "cluster_id",
    COLUMNS,
    PREFIXES,
    title="Clusters",
    help="Group the sites of a result under requirements.",
    choices=Choices(
        ClusterChoice,
        clusters,
        {
            "kind": "disc, prefecture or block.",
            "radius_km": "Radius of a disc.",
            "min_area_ha": "Hectares a cluster must bring.",
            "min_members": "Sites a cluster must have.",
        },
        settings="clusters",
    ),
)
