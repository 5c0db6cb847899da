"""Choose k sites together under budget, spacing and shares per block: a mixed-integer programme solved by HiGHS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from geodata.base import FloatArray

from ..errors import PlannerError
from ..model.result import NEAREST_ID, VALUE, Result, column
from .space import Neighbours

_CLASS = "station_class_mw"
_PROVEN, _INFEASIBLE = 0, 2
_TINY = 1e-6
_TIMES_CUT = 200
_GRIDS = 4
_SPACINGS_KM = (100.0, 50.0, 20.0, 10.0, 5.0, 0.001)


class PortfolioChoice(BaseModel):
    """What a portfolio must keep to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    k: Annotated[int, Field(ge=1, le=1_000)] = 5
    spacing_km: Annotated[float, Field(ge=0, le=2_000)] = 0.0
    budget: Annotated[float, Field(ge=0)] | None = Field(None, description="In the unit of the costs given")
    min_per_block: Mapping[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    max_per_block: Annotated[int, Field(ge=1)] | None = None
    runners_up: Annotated[int, Field(ge=0, le=20)] = 3
    pool: Annotated[int, Field(ge=1, le=50_000)] = Field(5_000, description="Best sites considered")
    time_limit_s: Annotated[float, Field(gt=0, le=3_600)] = 60.0


@dataclass(frozen=True)
class Shared:
    """Equipment that several sites hang on (n): its name, "" where none is known, and how many of their loads it can carry."""

    upstream: pd.Series
    most: pd.Series

    def loads(self, sites: pd.Index) -> float:
        """How many loads the equipment of some sites can carry together, no more than there are sites; NaN where none is known."""
        codes, most = self.limited(sites)
        known = codes >= 0
        if not known.any():
            return float("nan")
        return float(min(most[np.unique(codes[known])].sum() + (~known).sum(), len(sites)))

    def limited(self, pool: pd.Index) -> tuple[npt.NDArray[np.intp], FloatArray]:
        """Number of the equipment of each site of the pool, -1 where it binds nothing, and the most of each."""
        names = self.upstream.reindex(pool).fillna("")
        codes, kept = pd.factorize(names.where(names.ne("")))
        most = self.most.reindex(pool).groupby(codes).max().reindex(range(len(kept)))
        return np.asarray(codes, dtype=np.intp), most.to_numpy(float)


_Groups = dict[str, list[LinearConstraint]]


@dataclass(frozen=True)
class Portfolio:
    """
    What was chosen, and how sure that nothing is better.

    `sites` chosen, best first, or empty when infeasible; then `conflicts` is a smallest set of constraints that cannot
    hold together. `gap` is 0 when the optimum is proven among the `considered` sites; `runners_up` are the next best.
    """

    choice: PortfolioChoice
    sites: list[str]
    total: float
    gap: float
    considered: int
    runners_up: list[tuple[list[str], float]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    without_cost: int = 0


def shared_of(result: Result) -> Shared | None:
    """The trunk substation that each site's connection hangs on, and how many loads of the size asked for its class can carry."""
    demand, named = result.about.scenario.demand, column(NEAREST_ID, _CLASS)
    if demand is None or named not in result.table:
        return None
    most = (result.table[column(VALUE, _CLASS)].astype(float) // demand.connection_mw).clip(lower=1)
    return Shared(result.table[named].fillna("").astype("str"), most)


def choose_sites(  # noqa: PLR0913  (sites, and what the choice must keep to)
    sites: pd.DataFrame,
    scores: pd.Series,
    choice: PortfolioChoice,
    *,
    block: pd.Series,
    cost: pd.Series | None = None,
    shared: Shared | None = None,
) -> Portfolio:
    """
    Choose k sites that together score most, under budget, spacing and shares per block.

    Parameters
    ----------
    sites
        n candidate sites with lon and lat (degrees).
    scores
        (n), points, indexed like `sites`.
    choice
        What the portfolio must keep to.
    block
        (n), name of the block of each site.
    cost
        (n), in the unit of the budget. With a budget a site of unknown cost cannot be chosen; `without_cost` counts them.
    shared
        Equipment upstream that carries the loads of some sites only; None = nothing is known to be shared.

    Returns
    -------
    found
        The choice with the gap to what could at most be better (0 = proven), or the constraints that contradict each other.

    Raises
    ------
    PlannerError
        If a budget comes without costs, a block has no site, or time ends before an answer is found.
    """
    if choice.budget is not None and cost is None:
        raise PlannerError("portfolio: a budget needs a cost for each site. Give a table with site_id and cost.")
    unknown = set(choice.min_per_block) - set(block)
    if unknown:
        raise PlannerError(
            "portfolio: no site lies in block {value!r}. Expected one of {known}.",
            value=min(unknown),
            known=", ".join(sorted(set(block))),
        )
    known = (
        cost.reindex(scores.index).notna()
        if cost is not None and choice.budget is not None
        else pd.Series(data=True, index=scores.index)
    )
    order = scores[known].sort_values(ascending=False, kind="stable")
    pool = _pool(order, block, choice)
    model = _Model(
        sites.loc[pool], order[pool].to_numpy(), block[pool], cost[pool] if cost is not None else None, choice
    )
    if shared is not None:
        model.share(*shared.limited(pool))
    first = model.solve()
    lost = int((~known).sum())
    if first is None:
        return Portfolio(choice, [], np.nan, np.nan, len(pool), conflicts=model.conflicts(), without_cost=lost)
    best, gap = first
    return Portfolio(choice, model.names(best), model.total(best), gap, len(pool), model.next_best(best), [], lost)


def solvable(sites: pd.DataFrame, block: pd.Series, *, k: int = 5, per_block: int = 2) -> PortfolioChoice:
    """
    A choice to start from that can be met: as many of `k` sites, as far apart, as taking the best first allows.

    Parameters
    ----------
    sites
        n candidate sites with lon and lat (degrees), best first.
    block
        (n), name of the block of each site.
    k, per_block
        Sites wished for, and how many of one block; more where there are too few blocks.

    Returns
    -------
    choice
        For which `choose_sites` finds an answer.
    """
    wished = min(k, len(sites))
    most = max(per_block, -(-wished // block.nunique()))
    for spacing_km in _SPACINGS_KM:
        choice = PortfolioChoice(k=wished, spacing_km=spacing_km, max_per_block=most)
        if _taken_from_best(sites, block, choice) == wished:
            return choice
    return PortfolioChoice(k=wished)


def _taken_from_best(sites: pd.DataFrame, block: pd.Series, choice: PortfolioChoice) -> int:
    """How many sites there are when the best that is still allowed is taken again and again."""
    best = sites.head(choice.pool)
    near = Neighbours(best["lon"].to_numpy(float), best["lat"].to_numpy(float), choice.spacing_km * 1000)
    free, blocks = np.ones(len(best), dtype=bool), block[best.index].to_numpy()
    taken: list[str] = []
    for site in range(len(best)):
        if free[site] and taken.count(blocks[site]) < (choice.max_per_block or choice.k) and len(taken) < choice.k:
            taken.append(blocks[site])
            free[near.of(site)] = False
    return len(taken)


def _pool(order: pd.Series, block: pd.Series, choice: PortfolioChoice) -> pd.Index:
    """The best sites overall, and enough of each block to meet its minimum."""
    kept = set(order.index[: choice.pool])
    for name, least in choice.min_per_block.items():
        kept |= set(order.index[block[order.index] == name][: least * 50])
    return order.index[order.index.isin(kept)]


class _Model:
    """Rows of the programme; spacing enters as cliques, added where a solution breaks it."""

    # x is (n,) of 0 and 1; maximise scores @ x under rows low <= A @ x <= high. Two sites too near each other would need
    # one row per pair, n * n in the worst case. Instead each row forbids a clique, a set in which every two are too near
    # (Padberg 1973, Mathematical Programming 5): first the cubes of a few shifted grids, whose sites are surely within
    # the spacing, then, as cutting planes, a clique round each pair that an answer still breaks.

    def __init__(
        self, sites: pd.DataFrame, scores: FloatArray, block: pd.Series, cost: pd.Series | None, choice: PortfolioChoice
    ) -> None:
        self._sites, self._scores, self._choice = sites, scores, choice
        self._until = monotonic() + choice.time_limit_s
        self._groups: _Groups = {"k": [self._sum_row(np.ones(len(scores)), choice.k, choice.k)]}
        if choice.budget is not None and cost is not None:
            self._groups["budget"] = [self._sum_row(cost.to_numpy(dtype=float), -np.inf, choice.budget)]
        for name, least in choice.min_per_block.items():
            self._groups[f"min_per_block:{name}"] = [
                self._sum_row(np.asarray(block == name, dtype=float), least, np.inf)
            ]
        if choice.max_per_block is not None:
            rows = _members(pd.factorize(block)[0])
            self._groups["max_per_block"] = [LinearConstraint(rows, -np.inf, choice.max_per_block)]
        self._near = (
            Neighbours(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), choice.spacing_km * 1000)
            if choice.spacing_km
            else None
        )
        if self._near is not None:
            shifted = [self._near.cells(shift) for shift in np.arange(_GRIDS) / _GRIDS]
            self._groups["spacing"] = [LinearConstraint(_members(cells), -np.inf, 1) for cells in shifted]

    def share(self, codes: npt.NDArray[np.intp], most: FloatArray) -> None:
        """No more sites on one piece of equipment than it can carry; only where more of the pool hang on it."""
        counts = np.bincount(codes[codes >= 0], minlength=len(most))
        binding = np.flatnonzero(np.isfinite(most) & (counts > most))
        rows = [self._sum_row(codes == code, -np.inf, float(most[code])) for code in binding]
        if rows:
            self._groups["upstream"] = rows

    def names(self, chosen: FloatArray) -> list[str]:
        return [str(name) for name in self._sites.index[chosen.astype(bool)]]

    def total(self, chosen: FloatArray) -> float:
        return float(self._scores @ chosen)

    def solve(self, groups: _Groups | None = None) -> tuple[FloatArray, float] | None:
        """Best choice and its relative gap; None when the constraints cannot hold together."""
        # Each round solves a programme with fewer rows than the true one, so its bound holds for the true one too.
        rows = self._groups if groups is None else groups
        bound = np.inf
        for _ in range(_TIMES_CUT):
            left = self._until - monotonic()
            if left <= 0:
                break
            answer = self._solve_rows(rows, left)
            if answer.status == _INFEASIBLE:
                return None
            if answer.mip_dual_bound is not None:
                bound = min(bound, -float(answer.mip_dual_bound))
            if answer.status != _PROVEN:
                break
            chosen = np.round(answer.x)
            cuts = self._spacing_cuts(chosen) if "spacing" in rows else []
            if not cuts:
                return chosen, 0.0
            rows["spacing"] = [*rows["spacing"], *cuts]
        chosen = self._greedy()
        if not self._holds(chosen, rows):
            raise PlannerError(
                "portfolio: neither an answer nor a proof within the time limit. Raise it or loosen the spacing."
            )
        return chosen, (bound - self.total(chosen)) / self.total(chosen)

    def _solve_rows(self, rows: _Groups, time_limit_s: float) -> Any:
        """The programme with the rows there are. Without presolve: HiGHS's is slow on one long row of ones."""
        return milp(
            -self._scores,
            integrality=np.ones(len(self._scores), dtype=int),
            bounds=Bounds(0, 1),
            constraints=[row for group in rows.values() for row in group],
            options={"time_limit": time_limit_s, "mip_rel_gap": 0.0, "presolve": False},
        )

    def _greedy(self) -> FloatArray:
        """From the best site on, whatever the spacing still allows: an answer to fall back on, not a proof."""
        free, chosen = np.ones(len(self._scores), dtype=bool), np.zeros(len(self._scores))
        for site in np.argsort(-self._scores, kind="stable"):
            if free[site] and chosen.sum() < self._choice.k:
                chosen[site] = 1
                free[self._near.of(int(site)) if self._near else site] = False
        return chosen

    def _holds(self, chosen: FloatArray, rows: _Groups) -> bool:
        """Whether a choice keeps to every row and to the spacing."""
        kept = all(
            bool((slack >= -_TINY).all()) for group in rows.values() for row in group for slack in row.residual(chosen)
        )
        return kept and not ("spacing" in rows and self._spacing_cuts(chosen))

    def next_best(self, best: FloatArray) -> list[tuple[list[str], float]]:
        """The next best choices, each differing from all before it in at least one site."""
        found: list[tuple[list[str], float]] = []
        groups = {**self._groups, "seen": [self._sum_row(best, -np.inf, best.sum() - 1)]}
        for _ in range(self._choice.runners_up):
            answer = self.solve(groups)
            if answer is None:
                break
            chosen = answer[0]
            found.append((self.names(chosen), self.total(chosen)))
            groups["seen"] = [*groups["seen"], self._sum_row(chosen, -np.inf, chosen.sum() - 1)]
        return found

    def conflicts(self) -> list[str]:
        """A set of constraints that cannot hold together and of which none can be left out."""
        # The deletion filter of Chinneck & Dravnieks (1991), ORSA Journal on Computing 3(2): leave out one group after
        # the other, and keep it out when the rest still cannot hold together.
        needed = dict(self._groups)
        for name in [*self._groups][::-1]:
            fewer = {other: rows for other, rows in needed.items() if other != name}
            if self.solve(fewer) is None:
                needed = fewer
        return list(needed)

    def _sum_row(self, factors: npt.NDArray[Any], low: float, high: float) -> LinearConstraint:
        return LinearConstraint(csr_array(np.asarray(factors, dtype=float)[None, :]), low, high)

    def _spacing_cuts(self, chosen: FloatArray) -> list[LinearConstraint]:
        """For each chosen pair too near each other, rows that forbid it: a clique round the one through the other's cell."""
        assert self._near is not None  # noqa: S101  (spacing is a group only then)
        # All of `near` lie within the spacing of `site`, and sites of one cell within the spacing of each other: those of
        # the other's cell together with `site` are a clique.
        cells, picked = self._near.cells(), np.flatnonzero(chosen)
        cuts = []
        for site in picked:
            near = self._near.of(int(site))
            for other in near[(near > site) & (chosen[near] > 0)]:
                clique = np.append(near[cells[near] == cells[other]], site)
                row = np.zeros(len(chosen))
                row[clique] = 1
                cuts.append(csr_array(row[None, :]))
        return [LinearConstraint(vstack(cuts), -np.inf, 1)] if cuts else []


def _members(codes: Any) -> csr_array:
    """One row per code, 1 where a site carries it."""
    return csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))))
