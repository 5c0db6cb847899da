"""The mismatch of 2040 in words: national figures as printed, what is derived, and what is told by block."""

import pandas as pd

from ..i18n import Language, translator
from ..model.sources import LABELS
from .skills import SkillsAnswer


def mismatch_rows(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Surplus and shortage of 2040 of the whole country, 10,000 persons, with what is left of a class derived; never added up."""
    if not len(answer.national):
        return pd.DataFrame(columns=["key", "name", "axis", "mismatch", "derived"])
    t = translator(language)
    frame = answer.national
    rows = [
        (
            row["key"],
            row["name" if language == "ja" else "name_en"],
            row["axis"],
            float(row["mismatch_10k_persons"]),
            False,
        )
        for row in frame.to_dict("records")
    ]
    whole = frame.set_index("key")["mismatch_10k_persons"].astype(float)
    for part, of, name in (
        ("ai_robot", "professional", "Other professionals"),
        ("production", "onsite", "Other on-site workers"),
    ):
        rows.append((f"other_{of}", t(name), "occupation", float(whole[of] - whole[part]), True))
    return pd.DataFrame(rows, columns=["key", "name", "axis", "mismatch", "derived"])


def mismatch_notes(answer: SkillsAnswer, language: Language) -> list[str]:
    """What is published by block, and who the surplus and the shortage are."""
    t = translator(language)
    said = [
        t(
            "A national figure ranks no site. Published by block as charts only; directions in the text: clerical surplus mostly in the Tokyo area, professionals short in almost all regions, on-site workers short outside Tokyo, science graduates short everywhere."
        ),
        t(
            "The clerical surplus is female-heavy, the shortage of AI and robot people male-heavy today: that decides who can be re-skilled, and how."
        ),
    ]
    said += [
        t(
            "This block ({label}): {what}",
            label=LABELS["quoted"][language],
            what=f"{t(str(row.covers))} {row.mismatch_10k_persons:+,.0f} {t('10k persons')}",
        )
        for row in answer.block.itertuples()
    ]
    return said
