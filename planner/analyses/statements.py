"""What an analysis says, one plain sentence each, in Japanese or English."""

import numpy as np
import pandas as pd

from ..decision.breakeven import BreakEven
from ..decision.clusters import Clusters
from ..decision.compare import COVERAGE, GATE, UNCHANGED, VALUE, WEIGHT, Comparison
from ..decision.influence import Influence
from ..decision.portfolio import Portfolio
from ..decision.robustness import DEPENDS, ROBUST, WEAK, Robustness
from ..explain.amounts import quantity
from ..i18n import Language, translator
from ..model.result import Result
from ..model.tables import FAIL, PASS, UNKNOWN

_TOLD = 5
_LABELS = {ROBUST: "robust", DEPENDS: "depends on the weights and unknowns", WEAK: "weak"}
_CONSTRAINTS = {
    "k": "the number of sites",
    "budget": "the budget",
    "spacing": "the spacing",
    "max_per_block": "the maximum per block",
    "min_per_block": "the minimum in a block",
}
_STANDINGS = {
    True: "{name} is at rank {rank}, {gap} points inside the top {k}.",
    False: "{name} is at rank {rank}, {gap} points short of the top {k}.",
}
_EFFECTS = {True: "it would leave the top {k}", False: "it would enter the top {k}"}
_REASONS = {
    WEIGHT: "the weight or anchors of «{title}» moved it {points} points against the median site.",
    VALUE: "the value of «{title}» moved it {points} points against the median site.",
    GATE: "other gates fail.",
    COVERAGE: "more or less of the weight is known.",
    UNCHANGED: "its points are the same; others moved.",
}
_MARKED = 0.1


class Speaker:
    """Says what analyses of one result found."""

    def __init__(self, result: Result, language: Language) -> None:
        self._criteria, self._branches = result.metadata["criteria"], result.metadata["branches"]
        self._language, self._t = language, translator(language)

    def title(self, criterion: str) -> str:
        """Title of a criterion."""
        return str(self._criteria[criterion]["title"][self._language]) if criterion in self._criteria else criterion

    def amount(self, criterion: str, value: float) -> str:
        """A number in the unit of a criterion."""
        return f"{quantity(value)} {self._t(self._criteria[criterion]['unit'])}"

    def robust(self, found: Robustness) -> list[str]:
        """How sure the top k is, then site by site."""
        t, table, draws = self._t, found.table, f"{found.choice.draws:,}"
        best = table[table["rank"] <= found.top]
        counts = best["label"].value_counts()
        said = [
            t(
                "Of the top {k}, {robust} are robust, {depends} depend on weights or unknowns and {weak} are weak "
                "({draws} draws, seed {seed}; a site is robust from {share} of the draws on).",
                k=found.top,
                draws=draws,
                seed=found.choice.seed,
                share=f"{found.choice.robust_from:.0%}",
                **{label: int(counts.get(label, 0)) for label in (ROBUST, DEPENDS, WEAK)},
            ),
            t(
                "Convergence: the two halves of the draws differ by at most {points} percentage points.",
                points=f"{100 * found.half_difference:.1f}",
            ),
        ]
        return said + [self.robust_site(found, str(site)) for site in best.index[:_TOLD]]

    def robust_site(self, found: Robustness, site: str) -> str:
        """One site's chance and range of ranks."""
        row = found.table.loc[site]
        values = {
            "name": row["name"],
            "k": found.top,
            "share": f"{row['p_top_k']:.0%}",
            "label": self._t(_LABELS[row["label"]]),
        }
        if "rank_p05" not in row:
            return self._t("{name}: in the top {k} in {share} of the draws: {label}.", **values)
        ranks = {name: f"{int(row[name]):,}" for name in ("rank_p05", "rank_p50", "rank_p95")}
        return self._t(
            "{name}: in the top {k} in {share} of the draws, rank {rank_p05} to {rank_p95} in nine of ten draws: {label}.",
            **values,
            **ranks,
        )

    def balanced(self, even: pd.DataFrame, top: int) -> list[str]:
        """Sites of the top k that move when balance counts more."""
        moved = even[(even["rank"] <= top) & (even["move"].abs() > 1)].sort_values("rank").head(_TOLD)
        if moved.empty:
            return [self._t("The balanced view keeps the top {k} within one place.", k=top)]
        return [
            self._t(
                "{name}: rank {rank} becomes {balanced} in the balanced view, where a strength makes up less for a weakness.",
                name=row["name"],
                rank=int(row["rank"]),
                balanced=int(row["rank_balanced"]),
            )
            for _, row in moved.iterrows()
        ]

    def dominance(self, dominated: pd.DataFrame, top: int) -> list[str]:
        """Sites that no weights put above another."""
        best = dominated.head(top)
        beaten = best[best["dominated_by"].notna()]
        told = [
            self._t(
                "{name} is no better than {other} on any criterion: no weights put it first.",
                name=row["name"],
                other=dominated["name"].get(row["dominated_by"], row["dominated_by"]),
            )
            for _, row in beaten.head(_TOLD).iterrows()
        ]
        free = self._t(
            "{free} of the best {n} are in the Pareto set: none is worse than another on every count.",
            free=int(dominated["dominated_by"].isna().sum()),
            n=f"{len(dominated):,}",
        )
        return [*told, free]

    def influence(self, found: Influence) -> list[str]:
        """Criteria that weigh more or less than their weight says, and pairs that tell one story."""
        gap = (found.criteria["influence"] - found.criteria["weight"]).sort_values(key=np.abs, ascending=False)
        told = [
            self._t(
                "«{title}» has {weight} of the weight but {influence} of the actual influence on this list.",
                title=self.title(str(id_)),
                weight=f"{found.criteria.loc[id_, 'weight']:.0%}",
                influence=f"{found.criteria.loc[id_, 'influence']:.0%}",
            )
            for id_ in gap.index[:2]
            if abs(gap[id_]) > _MARKED
        ]
        return told + [
            self._t(
                "«{first}» and «{second}» move together (rank correlation {value}): one story may be counted twice.",
                first=self.title(pair["first"]),
                second=self.title(pair["second"]),
                value=f"{pair['correlation']:.2f}",
            )
            for pair in found.pairs.to_dict("records")
        ]

    def stakeholders(self, spread: pd.DataFrame, top: int) -> list[str]:
        """What every set of weights agrees on."""
        always = int((spread["worst"] <= top).sum())
        return [self._t("{n} sites are in the top {k} for every set of weights saved.", n=always, k=top)]

    def exchange(self, units: pd.Series) -> str:
        """What one point is worth."""
        amounts = [f"{self.amount(str(id_), value)} ({self.title(str(id_))})" for id_, value in units.items()]
        return self._t("1 point = {amounts}.", amounts=" = ".join(amounts))

    def breakeven(self, found: BreakEven, name: str) -> list[str]:
        """Where it stands, the smallest change of a value and that of a weight."""
        place = {"name": name, "rank": f"{found.rank:,}", "k": found.top}
        if found.rival is None:
            return [self._t("{name} is in the top {k} because no more sites are ranked.", **place)]
        gap = f"{abs(found.gap):.1f}"
        said = self._t(_STANDINGS[found.inside], **place, gap=gap)
        return [said, *self._value_changes(found), *self._weight_change(found)]

    def _value_changes(self, found: BreakEven) -> list[str]:
        """One sentence per criterion that alone would be enough."""
        effect = self._t(_EFFECTS[found.inside], k=found.top)
        possible = found.table[found.table["value_needed"].notna()]
        if possible.empty:
            return [self._t("No change of a single value is enough.")]
        return [
            self._t(
                "{title}: at {needed} (now {now}) {effect}.",
                title=self.title(str(id_)),
                needed=self.amount(str(id_), row["value_needed"]),
                now=self.amount(str(id_), row["value_now"]) if pd.notna(row["value_now"]) else self._t("unknown"),
                effect=effect,
            )
            for id_, row in possible.iterrows()
        ]

    def _weight_change(self, found: BreakEven) -> list[str]:
        step = (found.table["weight_needed"] - found.table["weight_now"]).abs()
        if step.isna().all():
            return [self._t("No change of a single weight is enough.")]
        id_ = str(step.idxmin())
        effect = self._t(_EFFECTS[found.inside], k=found.top)
        return [
            self._t(
                "Smallest change of a weight: «{title}» from {now} to {needed} of the whole; then {effect}.",
                title=self.title(id_),
                now=f"{found.table.loc[id_, 'weight_now']:.1%}",
                needed=f"{found.table.loc[id_, 'weight_needed']:.1%}",
                effect=effect,
            )
        ]

    def clusters(self, found: Clusters, table: pd.DataFrame) -> list[str]:
        """How many meet the requirements, and the best of them."""
        counts = table["requirement"].value_counts()
        said = [
            self._t(
                "{passed} clusters surely have {area} ha or more; for {unknown} it is unknown, {failed} have less.",
                passed=int(counts.get(PASS, 0)),
                area=quantity(found.choice.min_area_ha),
                unknown=int(counts.get(UNKNOWN, 0)),
                failed=int(counts.get(FAIL, 0)),
            )
        ]
        best = table[table["requirement"].eq(PASS)].head(_TOLD)
        return said + [self.cluster(row) for _, row in best.iterrows()]

    def cluster(self, row: pd.Series) -> str:
        """One cluster."""
        branch = row["weakest_branch"]
        return self._t(
            "{name}: {n} sites, at least {area} ha together, {score} points on average; weakest: {branch} ({share} of its points).",
            name=row["name"],
            n=row["members"],
            area=quantity(row["area_ha"]),
            score=f"{row['score']:.1f}",
            branch=self._branches[branch][self._language] if branch else self._t("unknown"),
            share=f"{row['weakest_share']:.0%}",
        )

    def portfolio(self, found: Portfolio) -> list[str]:
        """The choice and its proof, or what cannot hold together."""
        if not found.sites:
            held = [self._t(_CONSTRAINTS[name.partition(":")[0]]) for name in found.conflicts]
            return [
                self._t(
                    "No choice keeps to all of these together: {constraints}.", constraints=self._t(", ").join(held)
                )
            ]
        values = {"k": len(found.sites), "total": f"{found.total:.1f}", "n": f"{found.considered:,}"}
        if found.gap > 0:
            first = self._t(
                "{k} sites with {total} points together; no choice of the best {n} can have more than {gap} more (not proven best).",
                **values,
                gap=f"{found.gap:.1%}",
            )
        else:
            first = self._t(
                "{k} sites with {total} points together: proven, no choice of the best {n} sites has more.", **values
            )
        said = [first]
        if found.runners_up:
            least = found.total - found.runners_up[0][1]
            said.append(self._t("The next best choice has {points} points less.", points=f"{least:.1f}"))
        if found.without_cost:
            said.append(self._t("{n} sites have no known cost and could not be chosen.", n=f"{found.without_cost:,}"))
        return said

    def comparison(self, found: Comparison) -> list[str]:
        """How many moved, and the largest moves with their reasons."""
        table = found.table
        moved = table[table["move"].fillna(0) != 0]
        said = [
            self._t(
                "{n} of {all} sites changed rank; {changed} changed status.",
                n=f"{len(moved):,}",
                all=f"{len(table):,}",
                changed=f"{int((table['status_a'] != table['status_b']).sum()):,}",
            )
        ]
        order = moved[moved["rank_b"] <= 100]["move"].abs().sort_values(ascending=False).index[:_TOLD]  # noqa: PLR2004
        return said + [self.move(table.loc[site]) for site in order]

    def move(self, row: pd.Series) -> str:
        """One site's move and its reason."""
        ranks = [self._t("not ranked") if pd.isna(r) else f"{int(r):,}" for r in (row["rank_a"], row["rank_b"])]
        return self._t(
            "{name}: rank {before} to {after}; {reason}",
            name=row["name"],
            before=ranks[0],
            after=ranks[1],
            reason=self.reason(row),
        )

    def reason(self, row: pd.Series) -> str:
        """Why one site moved."""
        if row["reason"] in {WEIGHT, VALUE}:
            values = {"title": self.title(row["criterion"]), "points": f"{row['points']:+.1f}"}
            return self._t(_REASONS[row["reason"]], **values)
        return self._t(_REASONS[row["reason"]])
