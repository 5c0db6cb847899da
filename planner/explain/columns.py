"""What each column of a result means: one sentence that travels with every file."""

import pandas as pd

from ..i18n import Language, translator
from ..model.result import Result

_FIXED = {
    "site_id": "Identifier of the site.",
    "name": "Name of the site.",
    "pref_code": "Prefecture code (JIS X 0401).",
    "muni_code": "Municipality code (JIS X 0402, five digits).",
    "area_ha": "Area in hectares; empty when unknown.",
    "status": "ranked, not_ranked (too little is known) or excluded (certainly fails a gate).",
    "rank": "Rank by score among ranked sites; ties share a rank.",
    "rank_best": "Rank by score_high among ranked sites.",
    "score": "Points proven, 0 to 100: an unknown criterion adds nothing.",
    "score_high": "Points with every unknown at its best, 0 to 100.",
    "completeness": "Share of the weight that is known, 0 to 1.",
    "failed_gates": "Gates certainly failed, separated by semicolons.",
    "lon": "Longitude of the centre in degrees.",
    "lat": "Latitude of the centre in degrees.",
    "site_available_ha": "Hectares of the site that can be had, where published; empty when unknown.",
    "site_available_status": "State of the site's land in the words of its source.",
    "site_as_of": "Date of the site's own facts.",
    "site_source_url": "Page of the site's own facts.",
    "site_position_method": "How the position was found.",
    "site_accuracy_m": "Accuracy of the position in metres; distances carry it.",
}
_PER_CRITERION = {
    "value": "{title}, in {unit}; empty when unknown.",
    "contribution": "Points proven by: {title}; empty when unknown.",
    "low": "Lower bound of the true value: {title}, in {unit}.",
    "high": "Upper bound of the true value: {title}, in {unit}; empty beside a known value means no upper bound.",
    "why": "Why the value is known so far: exact, inexact, at_least, at_most or unknown: {title}.",
    "nearest": "Name of the feature that was found nearest: {title}.",
    "nearest_kv": "Voltage of that feature in kV: {title}.",
    "nearest_id": "Identifier of that feature in its layer: {title}.",
}
_PER_GATE = {
    "gate": "Gate «{title}»: pass, fail or unknown.",
    "margin": "Margin at the gate «{title}»: positive is on the right side.",
}
_ANALYSES = {
    "p_top_k": "Share of the draws in which the site is in the top k.",
    "p_top_k_se": "Standard error of p_top_k.",
    "rank_p05": "Rank that 5 % of the draws do not exceed.",
    "rank_p50": "Median rank of the draws.",
    "rank_p95": "Rank that 95 % of the draws do not exceed.",
    "label": "robust, depends or weak, by p_top_k.",
    "dominated_by": "A site at least as good on every criterion; empty: in the Pareto set.",
    "certain": "Whether the dominance holds whatever the unknowns turn out to be.",
    "rank_balanced": "Rank in the balanced view (power mean).",
    "move": "Places gained (positive) or lost.",
    "weight_now": "Share of the whole weight.",
    "weight_needed": "Share at which the site crosses the top k, the others in proportion; empty: none does.",
    "value_now": "Value proven now, in the unit.",
    "value_needed": "Value at which the site crosses the top k; empty: no value of this criterion is enough.",
    "change": "Difference from the present.",
    "points_per_unit": "Points gained per unit at the present value.",
    "unit": "Unit of the values.",
    "criterion": "Id of the criterion.",
    "cluster_id": "Identifier: the centre's site_id, a prefecture code or a block code.",
    "members": "Number of sites.",
    "ranked_members": "Number of ranked sites, which make the score.",
    "unknown_areas": "Members whose available area is unknown; area_ha is then a lower bound.",
    "requirement": "pass, fail or unknown: the area and number asked for.",
    "weakest_branch": "Branch with the smallest share of its possible points.",
    "weakest_share": "That share.",
    "pref_codes": "Prefectures of the members.",
    "member_ids": "Sites of the cluster.",
    "block": "METI labour block.",
    "status_a": "Status in the first result.",
    "status_b": "Status in the second result.",
    "rank_a": "Rank in the first result.",
    "rank_b": "Rank in the second result.",
    "score_a": "Points proven in the first result.",
    "score_b": "Points proven in the second result.",
    "reason": "weight, value, gate, coverage or unchanged.",
    "points": "How much the criterion moved the site against the median site.",
}
_ANALYSIS_PREFIXES = {
    "best_": "Best proven value among the members: {title}, in {unit}.",
    "change_": "Points gained by: {title}.",
    "stakeholder_": "Rank under this set of weights, or the best, worst and spread of all.",
}


def analysis_columns(table: pd.DataFrame, result: Result, language: Language) -> dict[str, str]:
    """Meaning of every column of an analysis."""
    return {str(name): _meaning(str(name), result, language) for name in [table.index.name, *table.columns]}


def _meaning(name: str, result: Result, language: Language) -> str:
    t = translator(language)
    sentence = {**_FIXED, **_ANALYSES}.get(name)
    if sentence is not None:
        return t(sentence)
    prefix = next(prefix for prefix in _ANALYSIS_PREFIXES if name.startswith(prefix))
    criterion = result.metadata["criteria"].get(name.removeprefix(prefix), {})
    title = criterion.get("title", {}).get(language, name.removeprefix(prefix))
    return t(_ANALYSIS_PREFIXES[prefix], title=title, unit=criterion.get("unit", ""))


def described(result: Result, language: str = "en") -> dict[str, str]:
    """Meaning of every column of a result's table, in order."""
    t = translator("ja" if language == "ja" else "en")
    meanings = {name: t(sentence) for name, sentence in _FIXED.items()}
    for id_, criterion in result.metadata["criteria"].items():
        for kind, sentence in _PER_CRITERION.items():
            meanings[f"{kind}_{id_}"] = t(sentence, title=criterion["title"][language], unit=criterion["unit"])
    for id_, gate in result.metadata["gates"].items():
        for kind, sentence in _PER_GATE.items():
            meanings[f"{kind}_{id_}"] = t(sentence, title=gate["title"][language])
    return {name: meanings[name] for name in ["site_id", *result.table.columns]}
