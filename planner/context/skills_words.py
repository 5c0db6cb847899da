"""A skills answer in words: tables and sentences for the page, the command and papers."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geodata.base import Text

from ..explain.dates import dated
from ..i18n import Language, Translate, translator
from ..model.assumptions import Range, three
from ..model.sources import LABELS, citation
from ..skills.assumptions import written
from ..skills.industries import (
    EDUCATION_NAMES,
    EDUCATIONS,
    OCCUPATION_NAMES,
    OCCUPATIONS,
    TECHNICAL,
    UNIT_NAMES,
    Coefficient,
    coefficient,
    mixes,
    units_of,
)
from ..skills.reach import Triple
from ..skills.work import said_size
from .power_words import ranged
from .skills import SkillsAnswer, instruments

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
_WITHIN = {"surely": "surely", "given": "at the position given", "possibly": "possibly"}
_STATUS = {"running": "running", "announced": "announced", "ended": "ended", "unknown": "unknown"}
_BIGGEST = 100.0
_MANY = 12


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
    told = [
        f"{value:,.{digits if abs(value) < _BIGGEST else 0}f}" if math.isfinite(value) else "∞"
        for value in (middle, low, high)
    ]
    return told[0] if told[1] == told[2] else f"{told[0]} ({told[1]}–{told[2]})"


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
    top = t("over 100") if high > _BIGGEST else f"{high:.1f}"
    return t("{number} ({low} to {high})", number=f"{middle:.1f} {t('years')}", low=f"{low:.1f}", high=top)


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
        by_road = answer.supply.reach.by_road.min() > 0
        said.append(
            t(
                "People within {minutes} minutes by car, between squares of about 5 km: places of one square cannot differ.",
                minutes=f"{answer.work.minutes:g}",
            )
            if by_road
            else t("No road graph reaches this place: people within a circle of {km} km.", km="20–40")
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


def schools_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Schools within reach."""
    t = translator(language)
    rows = [
        {
            t("School"): row["name"],
            t("Level"): LEVEL_NAMES[row["level"]][language],
            t("Finish a year"): span(three((row["graduates_low"], row["graduates"], row["graduates_high"]))),
            t("Within reach"): t(_WITHIN[state]),
        }
        for row, state in zip(answer.schools.to_dict("records"), answer.schools["within"], strict=True)
    ]
    return pd.DataFrame(rows)


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
                    t("Status"): f"{t(_STATUS[one.status])} ({one.as_of})",
                    t("Source"): f"{LABELS[one.text.kind][language]} · {citation(one.text.sources)[language]}",
                }
            )
    return pd.DataFrame(rows)


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
        "{n} planned projects ask for {jobs}; {unknown} state neither workers nor a size and are not in the sum.",
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
        t("Source"): t(", ").join((*rate.projects, *(t(one) for one in rate.sources))[:_MANY]),
    }


def assumptions_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Every assumption with its range, basis and source."""
    t = translator(language)
    rows = [
        {
            t("Assumption"): one.title[language],
            t("Value"): ranged(one.values, one.unit, t, 2),
            t("Basis"): t(one.basis),
            t("Source"): t(str(one.source)),
        }
        for one in answer.work.assumed.table.values()
    ]
    return pd.DataFrame(rows)


def layers_table(answer: SkillsAnswer, language: Language) -> pd.DataFrame:
    """Layers behind the answer."""
    t = translator(language)
    rows = [
        {
            t("Layer"): lock.title[language],
            t("Date"): dated(lock.reference_date or "", language),
            t("Status"): t(lock.status or "unknown"),
            t("Licence"): lock.licence or "",
            t("Source"): lock.attribution or "",
        }
        for lock in answer.locks
    ]
    return pd.DataFrame(rows)


def as_json(answer: SkillsAnswer) -> dict[str, Any]:
    """The whole answer as plain data: every range low, middle, high; unknown is null."""
    supply, gap = answer.supply, answer.gap
    table: dict[str, Any] = {
        "place": {
            "name": answer.spot.place.name,
            "lon": answer.spot.place.lon,
            "lat": answer.spot.place.lat,
            "muni_code": answer.spot.place.muni_code,
        },
        "work": answer.work.model_dump(mode="json"),
        "as_of": written()[0],
        "need": {
            "jobs": answer.need.jobs,
            "n": answer.need.rate.n,
            "basis": answer.need.rate.basis,
            "sources": answer.need.rate.sources,
            "occupations": _by(OCCUPATIONS, lambda k: three(answer.need.by_occupation[:, k])),
            "education": _by(EDUCATIONS, lambda k: three(answer.need.by_education[:, k])),
            "building": answer.need.building,
        },
        "by_year": answer.by_year.to_dict("records"),
        "schools": answer.schools.to_dict("records"),
        "moves": [
            {"target": one.target, "feeders": one.feeders.to_dict("records"), "courses": one.courses.to_dict("records")}
            for one in answer.moves
        ],
        "routes": answer.routes.to_dict("records"),
        "later_pct": {str(year): values for year, values in answer.later.items()},
        "openings_per_seeker": answer.openings,
        "answers": list(answer.answers),
        "planned": answer.planned.to_dict("records"),
        "layers": [lock.model_dump(mode="json") for lock in answer.locks],
    }
    if supply is not None and gap is not None:
        table["supply"] = {
            **{name: at(part) for name, part in supply.counts.items()},
            "employed_by_occupation": _by(OCCUPATIONS, lambda k: at(supply.employed, k)),
            "on_the_market": _by(OCCUPATIONS, lambda k: at(supply.available, k)),
            "graduates": _by(TECHNICAL, lambda k: at(supply.graduates, k)),
            "index": at(supply.index),
            "by_road": bool(supply.reach.by_road.min() > 0),
        }
        table["gap"] = {
            "fill": _by(OCCUPATIONS, lambda k: at(gap.fill, k)),
            "pressure_pct": _by(OCCUPATIONS, lambda k: at(gap.pressure, k)),
            "scarcest": OCCUPATIONS[int(gap.scarcest[0])],
            "least_fill": at(gap.least_fill),
            "years": _by(TECHNICAL, lambda k: at(gap.years, k)),
            "years_all": at(gap.years_all),
        }
    return dict(_plain(table))


def _by(names: Any, value: Any) -> dict[str, Range]:
    return {name: value(k) for k, name in enumerate(names)}


def _plain(value: Any) -> Any:
    """Numbers that JSON can hold: what is unknown or endless is null."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
