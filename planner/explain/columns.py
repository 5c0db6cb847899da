"""What each column of a result means: one sentence that travels with every file."""

from ..i18n import translator
from ..model.result import Result

COLUMNS = {
    "site_id": "Identifier of the site.",
    "name": "Name of the site.",
    "pref_code": "Prefecture code (JIS X 0401).",
    "muni_code": "Municipality code (JIS X 0402, five digits).",
    "area_ha": "Area in hectares; empty when unknown.",
    "status": "ranked, not_ranked (too little is known) or excluded (certainly fails a gate).",
    "rank": "Rank by score among ranked sites; ties share a rank.",
    "rank_best": "Rank by score_high among ranked sites.",
    "rank_from": "Best rank that the site can have, whatever the unknown values of all sites are.",
    "rank_to": "Worst rank that the site can have, whatever the unknown values of all sites are.",
    "points_region": "Points proven by criteria that vary over tens of kilometres.",
    "points_ground": "Points proven by criteria that tell one cell from the next.",
    "rank_region": "Rank of the municipality by the mean points_region of its ranked cells.",
    "rank_ground": "Rank of the cell by points_ground within its municipality.",
    "score": "Points proven, 0 to 100: an unknown criterion adds nothing.",
    "score_high": "Points with every unknown at its best, 0 to 100.",
    "completeness": "Share of the weight that is known, 0 to 1.",
    "failed_gates": "Gates certainly failed, separated by semicolons.",
    "lon": "Longitude of the centre in degrees.",
    "lat": "Latitude of the centre in degrees.",
    "site_available_ha": "Hectares of the site as its source publishes them, whatever their state; empty when unknown.",
    "site_availability": "Whether that land can be had now: now, planned, taken or unclear, by the words of its source.",
    "site_available_now_ha": "Hectares that can be had now by those words; empty when unknown.",
    "site_planned_ha": "Hectares that are planned, being laid out or to be offered; they are not available.",
    "site_available_status": "State of the site's land in the words of its source.",
    "site_as_of": "Date of the site's own facts.",
    "site_source_url": "Page of the site's own facts.",
    "site_position_method": "How the position was found.",
    "site_accuracy_m": "Accuracy of the position in metres; distances carry it.",
}
_PER_CRITERION = {
    "value": "{title}, in {unit}; empty when unknown.",
    "contribution": "Points proven by: {title}; empty when unknown.",
    "low": "Lower bound of the true value: {title}, in {unit}; empty when unknown, -inf (-1e308 in GeoJSON) without a lower bound.",
    "high": "Upper bound of the true value: {title}, in {unit}; empty when unknown, inf (1e308 in GeoJSON) without an upper bound.",
    "why": "Why the value is known so far: exact, inexact, at_least, at_most or unknown: {title}.",
    "nearest": "Name of the feature that was found nearest: {title}.",
    "nearest_kv": "Voltage of that feature in kV: {title}.",
    "nearest_id": "Identifier of that feature in its layer: {title}.",
}
_PER_GATE = {
    "gate": "Gate «{title}»: pass, fail or unknown.",
    "margin": "Margin at the gate «{title}»: positive is on the right side.",
}


def described(result: Result, language: str = "en") -> dict[str, str]:
    """Meaning of every column of a result's table, in order."""
    t = translator("ja" if language == "ja" else "en")
    meanings = {name: t(sentence) for name, sentence in COLUMNS.items()}
    for id_, criterion in result.criteria.items():
        for kind, sentence in _PER_CRITERION.items():
            meanings[f"{kind}_{id_}"] = t(sentence, title=criterion.title[language], unit=criterion.unit)
    for id_, gate in result.gates.items():
        for kind, sentence in _PER_GATE.items():
            meanings[f"{kind}_{id_}"] = t(sentence, title=gate.title[language])
    return {name: meanings[name] for name in ["site_id", *result.table.columns]}
