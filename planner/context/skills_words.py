"""A skills answer in words: tables and sentences for the page, the command and papers."""

import math

import pandas as pd

from geodata.base import Text

from ..i18n import Language, Translate, translator
from ..model.assumptions import Range, three
from ..model.sources import LABELS, citation
from ..skills.industries import (
    EDUCATION_NAMES,
    EDUCATIONS,
    OCCUPATION_NAMES,
    OCCUPATIONS,
    SIZE_COLUMNS,
    TECHNICAL,
    UNIT_NAMES,
    Coefficient,
    coefficient,
    mixes,
    projects,
    units_of,
)
from ..skills.reach import Triple
from ..skills.work import said_size
from .power_words import ranged
from .skills import SkillsAnswer, instruments

LEVEL_NAMES: dict[str, Text] = {
    "technical_high": Text(ja="工業高校", en="technical high school"),
    "kosen": Text(ja="高専", en="kosen"),
    "university": Text(ja="大学（工学・情報）", en="university (engineering, informatics)"),
}
ANSWER_NAMES: dict[str, Text] = {
    "school": Text(ja="高専・大学の技術系新卒", en="graduates of kosen and universities"),
    "high_school": Text(ja="工業科の新卒", en="leavers of industrial courses"),
    "experienced": Text(ja="経験者", en="experienced people"),
    "reskill": Text(ja="事務からの転換", en="re-skilling from clerical work"),
    "pressure": Text(ja="地元企業への負担", en="pressure on local firms"),
    "money": Text(ja="育成の資金", en="money for training"),
}
WITHIN_NAMES: dict[str, Text] = {
    "surely": Text(ja="確実", en="surely"),
    "given": Text(ja="示された位置で", en="at the position given"),
    "possibly": Text(ja="可能性", en="possibly"),
}
STATUS_NAMES: dict[str, Text] = {
    "running": Text(ja="実施中", en="running"),
    "announced": Text(ja="方針", en="announced"),
    "ended": Text(ja="終了", en="ended"),
    "unknown": Text(ja="不明", en="unknown"),
}
_BIGGEST = 100.0


def at(parts: Triple, *position: int) -> Range:
    """Low, middle and high at one position of a gathered figure."""
    return three(part[(0, *position)] for part in parts)


def people(values: Range, t: Translate, digits: int = 0) -> str:
    """A range of persons; unknown where the middle is."""
    return ranged(values, "persons", t, digits)


def span(values: Range, digits: int = 0) -> str:
    """A range without its unit, for tables whose headings have it; a dash where the middle is endless, ? where it is unknown."""
    low, middle, high = values
    if math.isnan(middle):
        return "?"
    if math.isinf(middle):
        return "–"
    told = [_told(value, digits) for value in (middle, low, high)]
    return told[0] if told[1] == told[2] else f"{told[0]} ({told[1]}–{told[2]})"


def _told(value: float, digits: int) -> str:
    """A number with so many decimals below a hundred; what would round to nothing is told as less than the least."""
    if not math.isfinite(value):
        return "∞"
    least = 10.0**-digits
    return f"<{least:g}" if 0 < value < least / 2 else f"{value:,.{digits if abs(value) < _BIGGEST else 0}f}"


def ratio(values: Range, t: Translate) -> str:
    """People per worker needed; a dash where nobody is needed."""
    if math.isinf(values[1]):
        return "–"
    return ranged(values, "people per job", t, 1 if values[1] < _BIGGEST else 0)


def years(values: Range, t: Translate) -> str:
    """Years; those beyond a hundred are told so."""
    low, middle, high = values
    if math.isnan(middle):
        return t("unknown")
    if middle > _BIGGEST:
        return t("over 100 years")
    top = t("over 100") if high > _BIGGEST else _told(high, 1)
    return t("{number} ({low} to {high})", number=f"{_told(middle, 1)} {t('years')}", low=_told(low, 1), high=top)


def headline(answer: SkillsAnswer, language: Language) -> str:
    """The answer in a sentence."""
    t = translator(language)
    jobs = people(answer.need.jobs, t)
    if answer.gap is None:
        return t(
            "{work}: {jobs}. Who lives within reach is unknown until the layers are pulled.",
            work=said_size(answer.work)[language],
            jobs=jobs,
        )
    if answer.gap.scarcest[0] < 0:
        return t(
            "{work}: {jobs}. How many people are on the market in {year} is unknown here.",
            work=said_size(answer.work)[language],
            jobs=jobs,
            year=answer.work.year,
        )
    scarce = OCCUPATION_NAMES[OCCUPATIONS[int(answer.gap.scarcest[0])]][language]
    return t(
        "{work}: {jobs}. The scarcest occupation is {scarce}: {fill}. Schools alone fill the technical workers in {years}.",
        work=said_size(answer.work)[language],
        jobs=jobs,
        scarce=scarce,
        fill=ratio(at(answer.gap.least_fill), t),
        years=years(at(answer.gap.years_all), t),
    )


def cautions(answer: SkillsAnswer, language: Language) -> list[str]:
    """What the answer rests on and what it does not say."""
    t = translator(language)
    said = [
        t(
            "Screening: shares by prefecture and assumptions, not a survey of this place. Wages, housing and what other firms hire are not considered."
        )
    ]
    if answer.supply is not None:
        by_road, circle = answer.supply.reach.by_road, answer.work.assumed["circle_km"]
        if by_road.any():
            said.append(
                t(
                    "People within {minutes} minutes by car, between squares of about 5 km: places of one square cannot differ.",
                    minutes=f"{answer.work.minutes:g}",
                )
            )
        if not by_road.all():
            said.append(
                t(
                    "No road graph reaches this place, or a part of it: there, people within a circle of {km}.",
                    km=ranged(circle, "km", t),
                )
            )
        if answer.work.year > 2020:  # noqa: PLR2004  (the census)
            said.append(
                t(
                    "People of {year}: the census of 2020 times {index}.",
                    year=answer.work.year,
                    index=ranged(three(100 * part[0] for part in answer.supply.index), "%", t, 0),
                )
            )
    if answer.need.rate.n < 3 and answer.work.unit != "jobs":  # noqa: PLR2004  (as the model widens)
        said.append(t("Workers per size rest on {n} project(s) or texts only.", n=answer.need.rate.n))
    return said


def need_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """One row per occupation: needed, at work and on the market within reach, fill, pressure."""
    t, need = translator(language), answer.need
    rows = []
    for k, name in enumerate(OCCUPATIONS):
        if not need.by_occupation[1, k] > 0 and not need.builders[1, k] > 0:
            continue
        row = {
            t("Occupation"): OCCUPATION_NAMES[name][language],
            t("Needed"): span(three(need.by_occupation[:, k])),
            t("To build"): span(three(need.builders[:, k])),
        }
        if answer.supply is not None and answer.gap is not None:
            row |= {
                t("At work within reach"): span(at(answer.supply.employed, k)),
                t("On the market in a year"): span(at(answer.supply.available, k)),
                t("People per worker needed"): span(at(answer.gap.fill, k), 1),
                t("Pressure (%)"): span(at(answer.gap.pressure, k), 1) if need.local[1, k] > 0 else "–",
            }
        rows.append(row)
    return pd.DataFrame(rows)


def education_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """One row per level of education: needed, who finishes within reach and stays, who is won, years."""
    t, rows = translator(language), []
    for k, level in enumerate(EDUCATIONS):
        row = {
            t("Education"): EDUCATION_NAMES[level][language],
            t("Needed"): span(three(answer.need.by_education[:, k])),
        }
        if answer.supply is not None and answer.gap is not None:
            known = level in TECHNICAL
            j = TECHNICAL.index(level) if known else 0
            row |= {
                t("Finish and stay, a year"): span(at(answer.supply.graduates, j)) if known else "–",
                t("Won a year"): span(at(answer.gap.won, j), 1) if known else "–",
                t("Years to fill"): years(at(answer.gap.years, j), t) if known else "–",
            }
        rows.append(row)
    return pd.DataFrame(rows)


_COUNTS = {
    "persons_15_64": "Persons aged 15-64",
    "age_15_29": "Aged 15-29",
    "age_30_44": "Aged 30-44",
    "age_45_64": "Aged 45-64",
    "employed": "Employed persons (by residence)",
    "unemployed": "Unemployed persons",
    "unemployed_women": "Unemployed women",
    "outside_labour_force": "Persons outside the labour force",
    "outside_labour_force_women": "Women outside the labour force",
    "employees_manufacturing": "Manufacturing employees",
    "employees_construction": "Construction employees",
    "employees_ict": "ICT employees",
    "employees_research": "Employees in research and technical services",
    "employees_transport": "Transport and postal employees",
}


def supply_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """What lives and works within reach."""
    t = translator(language)
    if answer.supply is None:
        return pd.DataFrame()
    rows = [
        (t(title), people(at(answer.supply.counts[name]), t))
        for name, title in _COUNTS.items()
        if name in answer.supply.counts
    ]
    rows.append(
        (t("School leavers who take a job and stay in the prefecture, a year"), people(at(answer.supply.leavers), t))
    )
    rows += [
        (t("Persons aged 15-64 in {year} (2020 = 100)", year=year), ranged(values, "%", t, 0))
        for year, values in answer.later.items()
    ]
    if not math.isnan(answer.openings):
        rows.append((t("Openings per seeker (the whole prefecture)"), f"{answer.openings:.2f}"))
    return pd.DataFrame(rows, columns=[t("Who"), t("Within reach")])


def pressure_said(answer: SkillsAnswer, language: Language) -> str:
    """What the work would take of the people employed in its sector within reach."""
    t, supply = translator(language), answer.supply
    if supply is None:
        return ""
    low, middle, high = at(supply.counts[answer.work.kind.sector])
    if math.isnan(middle):
        return t("How many work in this sector within reach in {year} is unknown.", year=answer.work.year)
    jobs = answer.need.jobs
    shares = three(
        100 * need / part if part > 0 else math.inf for need, part in zip(jobs, (high, middle, low), strict=True)
    )
    if math.isinf(shares[1]):
        return t("Nobody works in this sector within reach.")
    return t(
        "That is {share} of the {sector} within reach.",
        share=ranged(shares, "%", t, 1 if shares[1] >= 1 else 2),
        sector=t(_COUNTS[answer.work.kind.sector]),
    )


def schools_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Schools within reach."""
    t = translator(language)
    rows = [
        {
            t("School"): row["name"],
            t("Level"): LEVEL_NAMES[row["level"]][language],
            t("Finish a year"): span(three((row["graduates_low"], row["graduates"], row["graduates_high"]))),
            t("Within reach"): WITHIN_NAMES[row["within"]][language],
        }
        for row in answer.schools.to_dict("records")
    ]
    return pd.DataFrame(rows)


def instruments_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Instruments that answer what is short here, each with its status and date."""
    t = translator(language)
    rows = []
    for one in instruments().values():
        meant = [name for name in one.answers if name in answer.answers]
        if meant:
            rows.append(
                {
                    t("Instrument"): one.title[language],
                    t("For"): t(", ").join(ANSWER_NAMES[name][language] for name in meant),
                    t("What it is"): one.text[language],
                    t("Who acts"): one.who[language],
                    t("Status"): f"{STATUS_NAMES[one.status][language]} ({one.as_of})",
                    t("Source"): f"{LABELS[one.text.kind][language]} · {citation(one.text.sources)[language]}",
                }
            )
    return pd.DataFrame(rows)


def planned_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Projects of the user's own in the prefecture."""
    t = translator(language)
    rows = [
        {
            t("Project"): row["name"],
            t("Industry"): row["industry"],
            t("First year"): "–" if pd.isna(row["start_year"]) else f"{row['start_year']:.0f}",
            t("Workers"): people(three((row["jobs_low"], row["jobs"], row["jobs_high"])), t),
        }
        for row in answer.planned.to_dict("records")
    ]
    return pd.DataFrame(rows)


def planned_said(answer: SkillsAnswer, language: Language) -> str:
    """The sum of the projects, and how many are not in it."""
    t = translator(language)
    known = answer.planned[answer.planned["jobs"].notna()]
    sums = three(known[name].sum() for name in ("jobs_low", "jobs", "jobs_high"))
    unknown = len(answer.planned) - len(known)
    return t(
        "{n} planned projects ask for {jobs}; {unknown} state neither workers nor a size and industry that a rate is known for, and are not in the sum.",
        n=len(known),
        jobs=people(sums, t),
        unknown=unknown,
    )


def rates_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Workers per size in every unit that the industry has, with n, range and source."""
    t, assumed = translator(language), answer.work.assumed
    kind = answer.work.kind
    rows = []
    for unit in units_of(kind, assumed)[1:]:
        rate = coefficient(kind, unit, assumed) if unit != answer.work.unit else answer.need.rate
        if rate is not None:
            rows.append(_rate_row(t("Workers per {unit}", unit=UNIT_NAMES[unit][language]), rate, language))
    rows.append(_rate_row(t("Building workers per worker"), answer.need.building_rate, language))
    mix = mixes()[kind.mix]
    rows.append(
        {
            t("What"): t("Occupations and education"),
            t("Value"): t("shares, widened by the assumption mix_factor"),
            "n": "–",
            t("Basis"): t(mix.basis),
            t("Source"): t(str(mix.source)),
        }
    )
    return pd.DataFrame(rows)


def _rate_row(what: str, rate: Coefficient, language: Language) -> dict[str, str]:
    t = translator(language)
    low, middle, high = rate.values
    return {
        t("What"): what,
        t("Value"): f"{middle:.4g} ({low:.4g}–{high:.4g})",
        "n": str(rate.n),
        t("Basis"): t(rate.basis),
        t("Source"): t(", ").join(rate.projects or [t(one) for one in rate.sources]),
    }


def projects_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """The real projects of the industry: workers, sizes, date and source, and whether rates rest on them."""
    t = translator(language)
    rows = projects()[projects()["industry"].eq(answer.work.industry)]
    return pd.DataFrame(
        {
            t("Project"): rows["project"],
            t("Place"): rows["place"],
            t("Stage"): rows["stage"].map({"operation": t("in operation"), "construction": t("while it is built")}),
            t("Workers"): rows["jobs"].map("{:,.0f}".format),
            **{UNIT_NAMES[unit][language]: rows[name].map(_size_or_dash) for unit, name in SIZE_COLUMNS.items()},
            t("Year"): rows["year"].fillna("–"),
            t("Counts"): rows["counts"].map({"yes": t("yes"), "no": t("no")}),
            t("Note"): rows["note"].fillna(""),
            t("Source"): rows["source_url"],
        }
    )


def projects_said(answer: SkillsAnswer, language: Language) -> str:
    """Where the workers of each project that rates rest on are told, in a sentence."""
    t = translator(language)
    rows = projects()[projects()["industry"].eq(answer.work.industry) & projects()["counts"].eq("yes")]
    told = rows["project"].str.cat(rows["source_url"], sep=" ").unique()
    return t("Projects: {known}", known="; ".join(told)) if len(told) else ""


def _size_or_dash(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.10g}"
