"""The brief for the regional council on talent: two pages with charts."""

import pandas as pd

from ...context import behind, mismatch_words, moves_words
from ...context import skills_words as words
from ...context.skills import SkillsAnswer
from ...i18n import Language, translator
from ...model.assumptions import three
from ...skills.assumptions import written
from ...skills.industries import EDUCATION_NAMES, OCCUPATION_NAMES, OCCUPATIONS, TECHNICAL
from . import compiled, drawings

_SCHOOLS = 8


def brief_pdf(answer: SkillsAnswer, language: Language) -> bytes:
    """Demand by year, supply by school, gap, what-if, measures and sources, on two pages."""
    t = translator(language)
    place = answer.spot.place.name or f"{answer.spot.place.lat:g}, {answer.spot.place.lon:g}"
    data = {
        "title": t("Brief on people: {place}", place=place),
        "verdict": words.headline(answer, language),
        "notes": [text for text in (words.pressure_said(answer, language), *words.cautions(answer, language)) if text],
        "charts": [
            {"title": t("Workers by year (middle of the range)"), "svg": _by_year(answer, language)},
            {"title": t("People on the market per worker needed"), "svg": _fill(answer, language)},
            {"title": t("Finish a year at schools within reach"), "svg": _schools(answer, language)},
            {
                "title": t("Surplus (+) and shortage (−) in 2040, whole country, 10,000 persons"),
                "svg": _balance(answer, language),
            },
        ],
        "balance_notes": mismatch_words.mismatch_notes(answer, language),
        "need": _table(words.need_table(answer, language)),
        "education": _table(words.education_table(answer, language)),
        "courses": _table(moves_words.courses_table(answer, language).head(6)),
        "instruments": _table(words.instruments_table(answer, language).iloc[:, :5]),
        "whatif": _what_if(answer, language),
        "planned": words.planned_said(answer, language) if len(answer.planned) else "",
        "rates": _table(words.rates_table(answer, language)),
        "layers": _table(behind.layers_table(answer.locks, language)),
        "projects": words.projects_said(answer, language),
        "heads": {
            "need": t("Workers by occupation"),
            "education": t("Workers by education"),
            "courses": t("Which course opens most"),
            "instruments": t("Instruments for what is short"),
            "whatif": t("What is done about it here"),
            "sources": t("Sources and assumptions"),
        },
        "assumed": t("Assumptions as of {date}: `planner skills`, page Skills.", date=written()[0]),
    }
    return compiled("brief.typ", data, "", language)


def _table(table: pd.DataFrame) -> dict[str, list[object]]:
    return {
        "heads": [str(name) for name in table.columns],
        "rows": [[str(cell) for cell in row] for row in table.itertuples(index=False)],
    }


def _by_year(answer: SkillsAnswer, language: Language) -> str:
    t, rows = translator(language), answer.by_year
    series = [(t("while it is built"), rows["building"].tolist()), (t("in operation"), rows["operation"].tolist())]
    return drawings.columns(rows["year"].tolist(), series)


def _fill(answer: SkillsAnswer, language: Language) -> str:
    gap = answer.gap
    if gap is None:
        return drawings.bars([])
    rows = [
        (OCCUPATION_NAMES[name][language], words.at(gap.fill, k), words.span(words.at(gap.fill, k), 1))
        for k, name in enumerate(OCCUPATIONS)
        if answer.need.local[1, k] > 0
    ]
    return drawings.bars(rows)


def _schools(answer: SkillsAnswer, language: Language) -> str:
    t = translator(language)
    rows = [
        (
            str(row["name"]) + (t(" (possibly)") if row["within"] == "possibly" else ""),
            three((row["graduates_low"], row["graduates"], row["graduates_high"])),
            words.span(three((row["graduates_low"], row["graduates"], row["graduates_high"])), 0),
        )
        for row in answer.schools.head(_SCHOOLS).to_dict("records")
    ]
    if answer.supply is not None:
        level = TECHNICAL.index("hs_industrial")
        values = words.at(answer.supply.graduates, level)
        rows.append((EDUCATION_NAMES["hs_industrial"][language], values, words.span(values, 0)))
    return drawings.bars(rows)


def _balance(answer: SkillsAnswer, language: Language) -> str:
    rows = mismatch_words.mismatch_rows(answer, language)
    return drawings.balance(
        [(str(name), float(value)) for name, value in zip(rows["name"], rows["mismatch"], strict=True)]
    )


def _what_if(answer: SkillsAnswer, language: Language) -> list[str]:
    """What the question itself does about the gap; that nothing is done is said, too."""
    t, work = translator(language), answer.work
    said = [
        t("{n} seats a year for {what}", n=f"{n:g}", what=EDUCATION_NAMES[level][language])
        for level, n in work.seats.items()
    ]
    said += [
        t("{n} people retrained or moved in: {what}", n=f"{n:g}", what=OCCUPATION_NAMES[name][language])
        for name, n in work.transfers.items()
    ]
    said += [
        t("{n} workers from abroad (the user's number): {what}", n=f"{n:g}", what=OCCUPATION_NAMES[name][language])
        for name, n in work.foreign.items()
    ]
    if work.remote:
        said.append(t("{share} % of professional and clerical work from elsewhere", share=f"{100 * work.remote:g}"))
    return said or [t("Nothing yet: no seats, transfers, workers from abroad or remote work are counted.")]
