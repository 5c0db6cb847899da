"""calibrate(): which weights of a profile would make real choices stand high, and how well that holds where it was not fitted."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata import Layers
from geodata.base import FloatArray
from geodata.country.codes import prefectures

from .decision.aggregate import score
from .decision.presence import Presence, Prior, fit
from .decision.screening import screen
from .decision.standing import Windows, percentiles, standing, windows_near
from .errors import PlannerError
from .measure.candidates import load_candidates
from .measure.choices import RealChoices
from .measure.criterion import Criterion
from .measure.run import Progress, measure
from .model.calibration import Calibration, Figures, HeldOut
from .model.sourced import BRANCHES
from .model.tables import Limit, Measurements
from .scenario.backtest import BackTest, Judged, backtest, backtest_sha256
from .scenario.bind import Plan, bind
from .scenario.criteria import criteria
from .scenario.merge import merged_scenario

SOURCE = "Fitted on real siting choices; how it stood on choices not seen is in the calibration of the scenario."
SHOWN = "Not in the calibrated set: shown as a fact, not scored."
KEPT = "Defines the type, and no choice of the past can teach it: keeps the share that the profile assumes."

_SHARES, _FIGURES = 2, 4
_LEVELS = (5, 95)
_FIFTHS = 5
_LEAST = 2
"""Choices of a field without which the pooled model stands alone."""


@dataclass(frozen=True)
class Evidence:
    """
    What calibration works on: cells of the country, measured once.

    `measured` has n cells by the p fitted criteria, `assumed` by those of the profile; `values` (n, p) of the fitted ones, 0 to 1;
    `windows` and `field` of c choices and the labour block that each lies in; `places` windows of random cells, `background`
    random cells.
    """

    measured: Measurements
    assumed: Measurements
    values: FloatArray
    choices: RealChoices
    windows: Windows
    field: npt.NDArray[np.str_]
    block: npt.NDArray[np.str_]
    places: Windows
    background: npt.NDArray[np.intp]


def calibrate(  # noqa: PLR0913  (what may be set of it, each by its name)
    profile_id: str,
    choices: RealChoices,
    store: Layers,
    *,
    background: int | None = None,
    seed: int | None = None,
    progress: Progress = lambda _stage, _share: None,
) -> dict[str, Any]:
    """
    Weights of a profile fitted on real choices; its criteria keep their value functions.

    Parameters
    ----------
    profile_id
        See `planner profiles`; the back-test says which fields of choices it is fitted on.
    choices
        Where such plants were built or decided.
    store
        With the layers of the national 1 km mesh.
    background
        Random cells of the likelihood; that of the back-test unless given.
    seed
        Of the random cells and of the choices drawn again; that of the back-test unless given.
    progress
        Called with a stage and the share done, 0 to 1.

    Returns
    -------
    table
        A scenario as plain data: profile, weights = calibrated, calibration, branches, criteria.

    Raises
    ------
    PlannerError
        If the profile is unknown or has no choices, or a layer of the mesh has not been pulled.
    """
    test = backtest()
    if profile_id not in test.profiles:
        merged_scenario({"profile": profile_id}, f"profile {profile_id}")
        raise PlannerError(
            "profile {profile_id!r}: the back-test names no choices for it, so its weights stay assumed. Calibrate one of {known}.",
            profile_id=profile_id,
            known=", ".join(test.profiles),
        )
    changes = {"background": background, "seed": seed}
    test = test.model_copy(update={key: value for key, value in changes.items() if value is not None})
    judged = test.profiles[profile_id]
    table = {"profile": profile_id, "weights": "assumed", "candidates": {"kind": "mesh"}}
    plan = bind(merged_scenario(table, profile_id))
    evidence = gather(choices, plan, store, test, progress)
    progress("fit", 0.6)
    weighed = _Weighed(plan, judged, evidence, test)
    held = weighed.held_out(lambda share: progress("fit", 0.6 + 0.2 * share))
    tree = weighed.tree(lambda share: progress("fit", 0.8 + 0.2 * share))
    told = Calibration(
        choices=choices.source,
        choices_sha256=choices.digest(),
        fields=judged.fields,
        n=int(np.isin(evidence.field, judged.fields).sum()),
        pooled_n=len(evidence.field),
        left_out=choices.dropped + len(choices.table) - len(evidence.field),
        judged_by=judged.judges,
        kept=judged.kept,
        backtest_sha256=backtest_sha256(),
        background=test.background,
        seed=test.seed,
        made=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        held_out=held,
    )
    return {
        "profile": profile_id,
        "weights": "calibrated",
        "calibration": told.model_dump(mode="json"),
        **tree,
    }


def gather(choices: RealChoices, plan: Plan, store: Layers, test: BackTest, progress: Progress) -> Evidence:
    """Measure the national mesh and lay the choices and random places on it."""
    candidates = load_candidates(plan.scenario.candidates, store)
    fitted = [criteria()[id_] for id_ in test.criteria.used]
    measured = measure(candidates, fitted, store, progress=lambda stage, share: progress(stage, 0.4 * share))
    assumed = measure(
        candidates,
        list(plan.criteria.values()),
        store,
        progress=lambda stage, share: progress(stage, 0.4 + 0.2 * share),
    )
    rng = np.random.default_rng(test.seed)
    random = rng.choice(len(candidates.table), min(test.places, len(candidates.table)), replace=False)
    windows, inside = _windows(choices.table, candidates.table, test.reach_m)
    places, _ = _windows(candidates.table.iloc[random].assign(accuracy_m=0.0), candidates.table, test.reach_m)
    nearest = windows.cells[np.cumsum(windows.counts) - windows.counts]
    blocks = candidates.table["pref_code"].iloc[nearest].map(prefectures()["block_code"])
    return Evidence(
        measured=measured,
        assumed=assumed,
        values=np.column_stack([values_of(measured, criterion) for criterion in fitted]),
        choices=choices,
        windows=windows,
        field=choices.table["field"].to_numpy(dtype=str)[inside],
        block=blocks.to_numpy(dtype=str),
        places=places,
        background=rng.choice(len(candidates.table), min(test.background, len(candidates.table)), replace=False).astype(
            np.intp
        ),
    )


def values_of(measured: Measurements, criterion: Criterion) -> FloatArray:
    """Value of a criterion at each cell as scores count it, 0 to 1: the least that its bounds allow; unknown adds nothing."""
    low, high = (part[criterion.id].to_numpy(dtype=float) for part in (measured.low, measured.high))
    return np.nan_to_num(criterion.value.interval(low, high)[0])


def _windows(places: pd.DataFrame, cells: pd.DataFrame, reach_m: float) -> tuple[Windows, npt.NDArray[np.bool_]]:
    """Cells near each place, within the reach or its own accuracy; a place without any is left out, and which are in."""
    reach = np.maximum(reach_m, places["accuracy_m"].to_numpy(dtype=float))
    found, inside = windows_near(*_degrees(cells), *_degrees(places), reach)
    if not inside.any():
        raise PlannerError("choices: none lies near a cell of the mesh. Check their positions.")
    return found, inside


def _degrees(table: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    return table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float)


class _Weighed:
    """A profile on its evidence: fits with some choices left out, and the points that they give."""

    def __init__(self, plan: Plan, judged: Judged, evidence: Evidence, test: BackTest) -> None:
        self.plan, self.judged, self.evidence, self.test = plan, judged, evidence, test
        self.own = np.flatnonzero(np.isin(evidence.field, judged.fields))
        self.judges = np.flatnonzero(np.isin(evidence.field, judged.judges) & self._past(judged.beyond))
        if not len(self.judges):
            raise PlannerError(
                "choices: none of the fields {fields} that judge this profile lies where it looks. Add such rows.",
                fields=", ".join(judged.judges),
            )
        fields, at = np.unique(evidence.field, return_inverse=True)
        counts = 1.0 / np.sqrt(np.bincount(at, minlength=len(fields)))[at]
        self._counts = counts / counts.mean()
        counted = evidence.windows.counts
        starts = (np.cumsum(counted) - counted).astype(np.intp)
        self._presence = Presence(evidence.values[evidence.windows.cells], starts)
        self._background = evidence.values[evidence.background]
        self._prior = self._survey()
        functions = {id_: criterion.value for id_, criterion in plan.criteria.items()}
        self._assumed = score(evidence.assumed, functions, plan.weights)
        self._out = screen(evidence.assumed, plan.gates).excluded

    def _past(self, limit: Limit | None) -> npt.NDArray[np.bool_]:
        """Which choices have a cell past a limit; all of them without one."""
        if limit is None:
            return np.ones(len(self.evidence.field), dtype=bool)
        value = self.evidence.assumed.values[limit.criterion].to_numpy(dtype=float)
        passed = value >= limit.limit if limit.at_least is not None else value <= limit.limit
        return self.evidence.windows.best(passed.astype(float)) > 0

    def _survey(self) -> FloatArray:
        """Factors of the survey prior: the share of a branch spread evenly over its criteria."""
        branches = [criteria()[id_].branch for id_ in self.test.criteria.used]
        spread = np.array([self.test.prior[branch] / branches.count(branch) for branch in branches])
        return np.asarray(self.test.prior_strength * spread / spread.sum())

    def factors(self, chosen: npt.NDArray[np.intp], *, field: bool = True) -> FloatArray:
        """Factors fitted on some of the choices: pooled over all fields, then, where there are enough, towards the profile's."""
        pooled = self._fit(chosen, self._prior, self.test.pooled_pull, self._counts[chosen])
        own = chosen[np.isin(chosen, self.own)]
        if not field or len(own) < _LEAST:
            return self._pruned(pooled)
        return self._pruned(self._fit(own, pooled, self.test.field_pull, np.ones(len(own))))

    def _pruned(self, factors: FloatArray) -> FloatArray:
        """Factors that sum to 1, without criteria of a small share and without those kept from the profile."""
        left = (factors < self.test.least_share * factors.sum()) | np.isin(self.test.criteria.used, self.judged.kept)
        kept = np.where(left, 0.0, factors)
        return np.asarray(kept / kept.sum())

    def _fit(self, chosen: npt.NDArray[np.intp], prior: FloatArray, pull: float, counts: FloatArray) -> FloatArray:
        least = self.test.prior_floor * self._prior
        drawn = Prior(np.maximum(prior, least), pull, least)
        return fit(self._presence.take(chosen), self._background, drawn, counts)

    def points(self, factors: FloatArray) -> FloatArray:
        """Points of every cell, 0 to 1, those of what is kept from the profile among them; -inf where a gate fails."""
        return self._gated((1 - self.kept_share) * (self.evidence.values @ factors) + self._kept())

    @property
    def kept_share(self) -> float:
        """Share of the weight that the criteria kept from the profile have."""
        return sum(self.plan.weights.get(id_, 0.0) for id_ in self.judged.kept)

    def _kept(self) -> FloatArray:
        held = self._assumed.contributions.reindex(columns=list(self.judged.kept)).fillna(0.0)
        return np.asarray(held.sum(axis=1), dtype=float) / 100

    def _gated(self, points: FloatArray) -> FloatArray:
        return np.where(self._out, -np.inf, points)

    def standing_of(self, points: FloatArray) -> FloatArray:
        """Percentile of every choice under some points."""
        return percentiles(points, self.evidence.windows, self.evidence.places)

    def held_out(self, tell: Callable[[float], None]) -> HeldOut:
        """Each labour block held out in turn, beside what was fixed before and what is best in hindsight."""
        random = np.random.default_rng(self.test.seed).permutation(len(self.evidence.block)) % _FIFTHS
        found = self._left_out(self.evidence.block, lambda share: tell(share / 3))
        pooled = self._left_out(self.evidence.block, lambda share: tell((1 + share) / 3), field=False)
        fifths = self._left_out(random, lambda share: tell((2 + share) / 3))
        columns = {id_: self.standing_of(self._column(id_)) for id_ in self._bars()}
        best = max(columns, key=lambda id_: float(columns[id_][self.judges].mean()))
        return HeldOut(
            calibrated=self._figures(found),
            fifths=self._figures(fifths),
            pooled=self._figures(pooled),
            assumed=self._figures(self.standing_of(self._gated(self._assumed.score.to_numpy()))),
            equal=self._figures(self.standing_of(self._equal())),
            best_column=self._figures(columns[best]),
            column=best,
        )

    def _left_out(self, parts: npt.NDArray[Any], tell: Callable[[float], None], *, field: bool = True) -> FloatArray:
        """Percentile of every choice under the fit that has not seen its part; 0 where nothing else was left to see."""
        found, names = np.zeros(len(parts)), np.unique(parts)
        for number, part in enumerate(names):
            there = parts == part
            if not there.all():
                points = self.points(self.factors(np.flatnonzero(~there), field=field))
                found[there] = self.standing_of(points)[there]
            tell((number + 1) / len(names))
        return found

    def _bars(self) -> list[str]:
        """Single criteria that a profile is measured against: those fitted and its own, but none that shows the plants."""
        shown = self.test.criteria.left_out["shows_plants"]
        return [id_ for id_ in dict.fromkeys([*self.test.criteria.used, *self.plan.weights]) if id_ not in shown]

    def _column(self, id_: str) -> FloatArray:
        side, bound = (1.0, "low") if criteria()[id_].direction == "more" else (-1.0, "high")
        held = self.evidence.measured if id_ in self.evidence.measured.values else self.evidence.assumed
        values = getattr(held, bound)[id_].to_numpy(dtype=float)
        return np.where(np.isnan(values), -np.inf, side * values)

    def _equal(self) -> FloatArray:
        """The criteria that the profile weighs, all alike."""
        parts = [self._assumed.contributions[id_].fillna(0.0) / weight for id_, weight in self.plan.weights.items()]
        return self._gated(np.sum(parts, axis=0))

    def _figures(self, percentile: FloatArray) -> Figures:
        told = asdict(standing(percentile[self.judges], self.test.seed))
        return Figures(**{name: np.round(figure, _FIGURES).tolist() for name, figure in told.items()})

    def tree(self, tell: Callable[[float], None]) -> dict[str, Any]:
        """Branches and criteria as a scenario holds them, fitted on all choices."""
        every = np.arange(len(self.evidence.block))
        factors = self.factors(every)
        intervals = self._intervals(every, tell)
        stanzas: dict[str, dict[str, Any]] = {
            id_: {"basis": "calibrated", "source": SHOWN} for id_ in self.plan.scenario.criteria
        }
        fitted = zip(self.test.criteria.used, factors.tolist(), strict=True)
        shares = {id_: factor * (1 - self.kept_share) for id_, factor in fitted if factor > 0}
        stanzas |= {id_: {"basis": "calibrated", "source": SOURCE, "interval": intervals[id_]} for id_ in shares}
        for id_ in self.judged.kept:
            shares[id_] = self.plan.weights[id_]
            own = self.plan.scenario.criteria[id_].model_dump(
                mode="json", include={"reach_m", "value"}, exclude_none=True
            )
            stanzas[id_] = {**own, "basis": "assumption", "source": KEPT}
        return _tree(shares, stanzas)

    def _intervals(self, every: npt.NDArray[np.intp], tell: Callable[[float], None]) -> dict[str, tuple[float, float]]:
        """5 to 95 % of each criterion's share of the whole weight, in percent, over choices drawn again."""
        rng, drawn = np.random.default_rng(self.test.seed), []
        used = self.test.criteria.used
        for number in range(self.test.resamples):
            drawn.append(self.factors(np.sort(rng.choice(every, len(every)))) * (1 - self.kept_share))
            tell((number + 1) / self.test.resamples)
        low, high = np.percentile(np.array(drawn) * 100, _LEVELS, axis=0)
        return {
            id_: (round(a, _SHARES), round(b, _SHARES))
            for id_, a, b in zip(used, low.tolist(), high.tolist(), strict=True)
        }


def _tree(shares: Mapping[str, float], stanzas: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Weights divided twice, among branches and inside each, as every scenario has them."""
    branch = {id_: criteria()[id_].branch for id_ in stanzas}
    whole = {b: sum(share for id_, share in shares.items() if branch[id_] == b) for b in BRANCHES}
    kept = {branch[id_] for id_, stanza in stanzas.items() if stanza["source"] == KEPT}
    branches = {
        b: {"weight": float(round(100 * weight))}
        | ({"basis": "assumption", "source": KEPT} if b in kept else {"basis": "calibrated", "source": SOURCE})
        for b, weight in whole.items()
        if any(found == b for found in branch.values())
    }
    inside = {id_: round(100 * share / whole[branch[id_]], 1) for id_, share in shares.items()}
    order = [id_ for id_ in criteria() if id_ in stanzas]
    return {
        "branches": branches,
        "criteria": {id_: {**stanzas[id_], "weight": inside.get(id_, 0.0)} for id_ in order},
    }
