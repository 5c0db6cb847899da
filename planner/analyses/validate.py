"""Where real choices stand in a ranking of mesh cells, beside every single criterion and simple baselines, by field."""

import re
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.base import FloatArray
from geodata.country import crs

from ..decision.standing import Standing, Windows, percentiles, standing, windows_near
from ..errors import PlannerError
from ..i18n import Language
from ..measure.choices import RealChoices, field_title
from ..model.result import CONTRIBUTION, HIGH, LOW, Result, column
from ..model.tables import EXCLUDED, RANKED
from ..scenario.backtest import BackTest, backtest, backtest_sha256
from .analysis import Analysis, AnalysisSpec, finite
from .words import Words

COLUMNS = {
    "choice": "The place that was chosen.",
    "field": "Field of the choice.",
    "year": "Year of the choice.",
    "site_id": "The best cell within reach.",
    "percentile": "Share of random places whose best cell within the same reach has fewer points.",
    "best_status": "Status of that cell.",
}
SPEC = AnalysisSpec("validate", "choice", COLUMNS)

PROFILE, EQUAL = "profile", "equal"
ALL = "all"
_FEWEST = 3
"""Choices below which nothing is summarised."""
_NOT_RANKED = -1.0
_BINS = 40
_YEAR = re.compile(r"(?:19|20)\d\d")


def validate(result: Result, choices: RealChoices, language: Language, seed: int | None = None) -> Analysis:
    """
    Standing of real choices under the profile of a result, each single criterion and equal weights.

    Parameters
    ----------
    result
        Of mesh cells.
    choices
        Where such plants were built or decided; those outside the region of the result are left out and counted.
    language
        Of the sentences.
    seed
        Of the random places; that of the back-test unless given.

    Returns
    -------
    analysis
        One row per choice; `facts` has the figures by field, the distribution of random places and what was left out.

    Raises
    ------
    PlannerError
        If the result holds no mesh cells, or no choice lies in its region.
    """
    if result.about.candidates.kind != "mesh":
        raise PlannerError(
            "validate: expected a result of mesh cells, found {kind}. Rank with --candidates mesh.",
            kind=result.about.candidates.kind,
        )
    test = backtest()
    sample = _Sample(result, choices, test, test.seed if seed is None else seed)
    points = _points(result)
    stood = sample.percentiles(points)
    table = sample.table.assign(percentile=stood)
    best = sample.best(points)
    table = table.assign(site_id=result.table.index[best], best_status=result.table["status"].to_numpy()[best])
    figures = sample.figures(result, stood)
    facts: dict[str, Any] = {
        "figures": finite(figures.to_dict("records")),
        "left_out": sample.left_out,
        "dropped": choices.dropped,
        "choices": choices.source,
        "choices_sha256": choices.digest(),
        "backtest_sha256": backtest_sha256(),
        "seed": sample.seed,
        "distribution": sample.distribution(points),
        "seen": _seen(result, choices),
        "judged_by": judged.judges if (judged := test.profiles.get(result.about.scenario.profile)) else (),
    }
    shapes = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=crs.EXPORT)
    own, others = _sentences(figures, sample, facts, Words(result, language))
    facts["own_sentences"] = len(own)
    return Analysis(SPEC, table.drop(columns=["lon", "lat"]), {"seed": sample.seed}, (*own, *others), facts, shapes)


def _points(result: Result) -> FloatArray:
    """Points of every cell: one that a gate excludes is below all, one without a rank next."""
    status, points = result.table["status"], result.table["score"].to_numpy(dtype=float)
    return np.where(status == RANKED, points, np.where(status == EXCLUDED, -np.inf, _NOT_RANKED))


class _Sample:
    """Choices and random places laid on the cells of a result."""

    def __init__(self, result: Result, choices: RealChoices, test: BackTest, seed: int) -> None:
        cells = result.table
        lon, lat = (cells[axis].to_numpy(dtype=float) for axis in ("lon", "lat"))
        table = choices.table
        reach = np.maximum(test.reach_m, table["accuracy_m"].to_numpy(dtype=float))
        self.windows, inside = windows_near(lon, lat, table["lon"].to_numpy(), table["lat"].to_numpy(), reach)
        if not inside.any():
            raise PlannerError("validate: no choice lies in the region of this result. Rank a wider region.")
        self.seed, self.left_out = seed, int((~inside).sum())
        named = table[inside]["name"] + " (" + (table[inside].groupby("name").cumcount() + 1).astype("str") + ")"
        unique = table[inside]["name"].where(~table[inside]["name"].duplicated(keep=False), named)
        table = table.assign(year=table["year"].astype("Int64"))
        self.table = table[inside].set_axis(pd.Index(unique, name=SPEC.key)).drop(columns=["accuracy_m"])
        random = np.random.default_rng(seed).choice(len(cells), min(test.places, len(cells)), replace=False)
        self.places = len(random)
        self._places, _ = windows_near(lon, lat, lon[random], lat[random], np.full(len(random), test.reach_m))
        self._shows = frozenset(test.criteria.left_out["shows_plants"])

    def percentiles(self, points: FloatArray) -> FloatArray:
        """Percentile of each choice among the random places."""
        return percentiles(points, self.windows, self._places)

    def best(self, points: FloatArray) -> Any:
        """Position of the best cell near each choice."""
        return np.array([part[np.argmax(points[part])] for part in _parts(self.windows)])

    def distribution(self, points: FloatArray) -> dict[str, list[float]]:
        """How many random places have how many points: edges and counts of those that are ranked."""
        best = self._places.best(points)
        counts, edges = np.histogram(best[np.isfinite(best) & (best >= 0)], bins=_BINS)
        return {"edges": edges.round(3).tolist(), "counts": counts.tolist()}

    def figures(self, result: Result, stood: FloatArray) -> pd.DataFrame:
        """Median, share in the best 5 % and area per field and rival; a column that shows plants is judged on later choices."""
        rivals: dict[str, tuple[FloatArray, float | None]] = {
            PROFILE: (stood, None),
            EQUAL: (self.percentiles(_equal(result)), None),
        }
        for id_, criterion in result.criteria.items():
            side, bound = (1.0, LOW) if criterion.direction == "more" else (-1.0, HIGH)
            values = result.table[column(bound, id_)].to_numpy(dtype=float)
            if np.isfinite(values).any():
                since = _drawn(result, criterion.layers) if id_ in self._shows else None
                rivals[id_] = (self.percentiles(np.where(np.isnan(values), -np.inf, side * values)), since)
        rows = []
        field, year = self.table["field"].to_numpy(dtype=str), self.table["year"].astype(float).to_numpy()
        for name in (ALL, *np.unique(field)):
            here = (field == name) | (name == ALL)
            for rival, (percentile, since) in rivals.items():
                chosen = percentile[here if since is None else here & (year > since)]
                if len(chosen) >= _FEWEST:
                    told = asdict(standing(chosen, self.seed))
                    rows.append({"field": name, "rival": rival, "decided_after": since, **told})
        return pd.DataFrame(rows, columns=["field", "rival", "decided_after", *Standing.__annotations__])


def _parts(windows: Windows) -> list[Any]:
    return np.split(windows.cells, np.cumsum(windows.counts)[:-1])


def _equal(result: Result) -> FloatArray:
    """The criteria that carry weight, all alike."""
    weighted = {id_: c.weight for id_, c in result.criteria.items() if c.weight > 0}
    parts = [result.table[column(CONTRIBUTION, id_)].fillna(0.0) / weight for id_, weight in weighted.items()]
    total = np.sum([part.to_numpy(dtype=float) for part in parts], axis=0)
    return np.where(result.table["status"] == EXCLUDED, -np.inf, total)


def _drawn(result: Result, layers: tuple[str, ...]) -> float:
    """The last year that the date of a layer names: a choice made before it may stand in the layer."""
    dates = [lock.reference_date for lock in result.layers if lock.id in layers]
    return max((float(year) for date in dates for year in _YEAR.findall(date or "")), default=np.inf)


def _seen(result: Result, choices: RealChoices) -> bool:
    """Whether the weights of the result were fitted on these very choices."""
    made = result.about.scenario.calibration
    return made is not None and made.choices_sha256 == choices.digest()


def _sentences(
    figures: pd.DataFrame, sample: _Sample, facts: dict[str, Any], words: Words
) -> tuple[list[str], list[str]]:
    """What is said of the sample, the profile's own fields and all together; then the other fields one by one."""
    t = words.t
    said = [
        t(
            "{n} real choices were set among {places} random places, each with its best cell within reach; {out} lie outside the region, {dropped} were never built or are closed.",
            n=len(sample.table),
            places=f"{sample.places:,}",
            out=sample.left_out,
            dropped=facts["dropped"],
        ),
        t(
            "Real choices name winners only: a place that is high and was not chosen is no mistake, and a high share proves no cause."
        ),
    ]
    if facts["seen"]:
        said.append(
            t(
                "The weights were fitted on these very choices: the figures flatter. What holds is the calibration's own, with regions held out."
            )
        )
    order = _order(figures, facts["judged_by"])
    told = {name: _of_field(figures, name, words) for name in order}
    first = [told.pop(name) for name in order if name in {*facts["judged_by"], ALL}]
    return [*said, *filter(None, first)], [*filter(None, told.values())]


def rivals(figures: list[dict[str, Any]], fields: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Figures of some fields, the highest area first."""
    found = {field: [row for row in figures if row["field"] == field] for field in fields}
    return {field: sorted(rows, key=lambda row: -row["area"]) for field, rows in found.items() if rows}


def _order(figures: pd.DataFrame, judged: tuple[str, ...]) -> list[str]:
    """Fields of the profile first, then all together, then the others."""
    found = [str(name) for name in figures["field"].unique()]
    return sorted(found, key=lambda name: (name not in judged, name != ALL, name))


def _of_field(figures: pd.DataFrame, name: str, words: Words) -> str:
    """The profile beside its best column and equal weights, for one field."""
    rows: dict[str, Any] = {str(row["rival"]): row for row in figures[figures["field"].eq(name)].to_dict("records")}
    columns = {id_: row for id_, row in rows.items() if id_ not in {PROFILE, EQUAL} and pd.isna(row["decided_after"])}
    if PROFILE not in rows or not columns:
        return ""
    own, equal = rows[PROFILE], rows[EQUAL]
    best = max(columns, key=lambda id_: float(columns[id_]["area"]))
    other = columns[best]["area"]
    verdict = (
        words.t("it stands higher than both")
        if own["area"] > max(other, equal["area"])
        else words.t("it is no better than the better of the two")
    )
    return words.t(
        "{field} ({n}): median percentile {median}, {top} in the best 5 %, area {area} ({low} to {high}); the best single criterion «{title}» reaches {other} and equal weights {equal}: {verdict}.",
        field=field_title(name, words.language),
        n=own["n"],
        median=f"{own['median']:.2f}",
        top=f"{own['top']:.0%}",
        area=f"{own['area']:.2f}",
        low=f"{own['area_interval'][0]:.2f}",
        high=f"{own['area_interval'][1]:.2f}",
        title=words.title(best),
        other=f"{other:.2f}",
        equal=f"{equal['area']:.2f}",
        verdict=verdict,
    )
