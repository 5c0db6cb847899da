"""Moves between occupations in words: who else could do the work, which course opens most, the way from clerical work."""

import pandas as pd

from geodata.base import Text

from ..i18n import Language, translator
from ..model.assumptions import three
from .skills import SkillsAnswer
from .skills_words import span

SKILL_NAMES: dict[str, Text] = {
    "machines": Text(ja="機械の操作", en="machines"),
    "maintenance": Text(ja="保全", en="maintenance"),
    "electrical": Text(ja="電気", en="electrical"),
    "programming": Text(ja="プログラミング", en="programming"),
    "data": Text(ja="データ・AI", en="data and AI"),
    "quality": Text(ja="品質", en="quality"),
    "chemistry": Text(ja="化学・プロセス", en="chemistry and process"),
    "drawing": Text(ja="図面・CAD", en="drawing"),
    "office": Text(ja="事務", en="office"),
    "service": Text(ja="対人", en="service"),
}


def occupation_name(answer: SkillsAnswer, id_: str, language: Language) -> str:
    """An occupation of the table."""
    rows = answer.occupations.rows.set_index("occupation")
    return str(rows.loc[id_, "ja" if language == "ja" else "en"])


def skill_name(skill: str, language: Language) -> str:
    """A skill of our table; one of the user's own as it is written."""
    return SKILL_NAMES[skill][language] if skill in SKILL_NAMES else skill


def moves_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Who else could do each occupation that the work turns on."""
    t = translator(language)
    rows = [
        {
            t("To"): occupation_name(answer, one.target, language),
            t("From occupation"): occupation_name(answer, row["occupation"], language),
            t("Lacking"): t(
                "{n} levels, most in {skill}", n=f"{row['lacking']:g}", skill=skill_name(row["skill"], language)
            )
            if row["skill"]
            else t("nothing"),
            t("People within reach"): span(three((row["people_low"], row["people"], row["people_high"]))),
        }
        for one in answer.moves
        for row in one.feeders.to_dict("records")
    ]
    return pd.DataFrame(rows)


def courses_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """What one more level of a skill would open."""
    t = translator(language)
    rows = [
        {
            t("To"): occupation_name(answer, one.target, language),
            t("A course in"): skill_name(row["skill"], language),
            t("Opens the move from"): t(", ").join(
                occupation_name(answer, id_, language) for id_ in row["names"].split(", ")
            ),
            t("People within reach"): span(three((row["people_low"], row["people"], row["people_high"]))),
        }
        for one in answer.moves
        for row in one.courses.to_dict("records")
    ]
    return pd.DataFrame(rows)


def routes_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """From clerical surplus to shortage: what is lacking, and whether the move is viable as it stands."""
    t = translator(language)
    rows = [
        {
            t("From occupation"): occupation_name(answer, row["occupation"], language),
            t("To"): occupation_name(answer, row["target"], language),
            t("Lacking"): t(", ").join(f"{skill_name(skill, language)} +{n}" for skill, n in row["steps"])
            or t("nothing"),
            t("Viable now"): t("yes") if row["viable"] else t("only with a longer education"),
            t("People within reach"): span(three((row["people_low"], row["people"], row["people_high"]))),
        }
        for row in answer.routes.to_dict("records")
    ]
    return pd.DataFrame(rows)
