"""Why two profiles rank the country alike, where they do."""

from ..i18n import Language, translator
from ..scenario.criteria import criteria
from ..scenario.national import alike
from ..scenario.profiles import default_weights, profiles


def alike_said(profile: str, language: Language) -> list[str]:
    """A sentence for each profile that ranks the country like this one, the most alike first."""
    t, table = translator(language), alike()
    rows = table[table["profile"].eq(profile) | table["other"].eq(profile)]
    out = []
    for row in rows.to_dict("records"):
        other = row["other"] if row["profile"] == profile else row["profile"]
        named = "、".join(criteria()[id_].said().title[language] for id_ in str(row["criteria"]).split())
        said = t(
            "Ranks the country much like «{other}» (rank correlation {correlation}): {share} % of the weights lie on the same criteria, most on {criteria}.",
            other=profiles()[other]["title"][language],
            correlation=f"{row['correlation']:.2f}",
            share=f"{100 * row['shared_weight']:.0f}",
            criteria=named,
        )
        if default_weights(profile) == default_weights(other) == "calibrated":
            said += " " + t("Both sets are calibrated and drawn towards one model of all real choices.")
        out.append(said)
    return out
