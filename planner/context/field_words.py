"""The answer on a field in sentences and tables, in the reader's language."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..fields.chains import HERE, chains, share_here
from ..fields.field import fields
from ..fields.needs import BY_RATE, KINDS, STATED, UNKNOWN, Kind
from ..fields.ripple import AREA, REST
from ..fields.sectors import sectors
from ..i18n import Language, Translate, translator
from ..model.assumptions import Range
from ..model.sources import citation
from ..skills.industries import OCCUPATION_NAMES
from .field_cluster import FieldAnswer

_KINDS: dict[Kind, tuple[str, str]] = {
    "power_mw": ("Power", "MW"),
    "water_m3_day": ("Industrial water", "m3/day"),
    "land_ha": ("Land", "ha"),
    "capex_oku": ("Investment", "100m yen"),
    "jobs": ("Workers", "persons"),
}


def headline(answer: FieldAnswer, language: Language) -> str:
    """What the area brings to the field, in one sentence."""
    t = translator(language)
    here = int(answer.chain["standing"].eq(HERE).sum())
    return t(
        "{area}, {field}: {firms} firms on the list stand here, in {here} of {n} stages of the value chain; {quotient}.",
        area=answer.area.title(language),
        field=answer.field.title[language],
        firms=len(answer.firms),
        here=here,
        n=len(answer.chain),
        quotient=quotient_said(answer, language),
    )


def quotient_said(answer: FieldAnswer, language: Language) -> str:
    """Location quotient of the field's sectors."""
    t = translator(language)
    if answer.sectors is None or not answer.sectors.of_field:
        return t("its specialisation is unknown (no table of employees by sector)")
    rows = answer.sectors.table.loc[list(answer.sectors.of_field)]
    said = ", ".join(f"{sector_name(str(s), language)} {number(float(q), 2, t)}" for s, q in rows["quotient"].items())
    return t("location quotient {said} ({base} = 1)", said=said, base=quotient_base(answer, t))


def quotient_base(answer: FieldAnswer, t: Translate) -> str:
    """What a quotient of 1 stands for: Japan, or the whole of the user's table."""
    return t("the whole of your table") if answer.sectors is not None and answer.sectors.own else t("Japan")


def cautions(answer: FieldAnswer, language: Language) -> list[str]:
    """What the figures do not say."""
    t, out = translator(language), []
    if answer.sectors is not None and not answer.sectors.own:
        out.append(
            t("Divisions alone are known: manufacturing is one sector, so every manufacturing field has the same quotient. Import a table by two-digit groups (kind sector_table).")
        )  # fmt: skip
    if answer.sectors is not None and answer.sectors.own:
        out.append(
            t("Quotients and shares are those of the employees in your table ({n} of 47 prefectures; {unknown} numbers are unknown), not of Japan; where the area is all of the table they are unknown.", n=answer.sectors.compared, unknown=answer.sectors.unknown)
        )  # fmt: skip
    if not answer.complete:
        out.append(
            t("The list of firms is far from complete: a stage that is not listed may well be there. Import your own table (kind firms).")
        )  # fmt: skip
    if not answer.own_projects:
        out.append(
            t("Planned investments are those of our list of real sites; import your own (kind planned_projects).")
        )
    return out


def sector_name(code: str, language: Language) -> str:
    """A sector by its code and name."""
    return f"{code} {sectors()[code][language]}" if code in sectors() else code


def number(value: float, digits: int, t: Translate) -> str:
    """A number, or the word unknown."""
    return t("unknown") if np.isnan(value) else f"{value:,.{digits}f}"


def ranged(values: Range, digits: int, t: Translate) -> str:
    """Middle with low and high, one number where all are alike."""
    low, middle, high = values
    if np.isnan(middle):
        return t("unknown")
    if low == high:
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def sectors_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Sectors of the area: employees, quotient, relatedness; those of the field marked."""
    t = translator(language)
    if answer.sectors is None:
        return pd.DataFrame()
    rows = answer.sectors.table.sort_values("quotient", ascending=False, na_position="last", kind="stable")
    return pd.DataFrame(
        {
            t("Sector (JSIC)"): [sector_name(str(code), language) for code in rows.index],
            t("Of the field"): ["●" if code in answer.sectors.of_field else "" for code in rows.index],
            t("Employees"): [number(v, 0, t) for v in rows["employees"]],
            t("Share of the area (%)"): [number(v, 1, t) for v in rows["share_pct"]],
            t("Location quotient ({base} = 1)", base=quotient_base(answer, t)): [
                number(v, 2, t) for v in rows["quotient"]
            ],
            t("Related to what is done here (0–1)"): [number(v, 2, t) for v in rows["relatedness"]],
            t("Prefectures below (%)"): [number(v, 0, t) for v in rows["percentile"]],
        }
    )


def chain_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Stages of the value chain: where each stands."""
    t = translator(language)
    stages = {stage.id: stage for stage in chains()[answer.field.id]}
    names = {id_: stage.title[language] for id_, stage in stages.items()}
    rows = answer.chain.to_dict("records")
    return pd.DataFrame(
        {
            t("Stage of the chain"): [names[row["stage"]] for row in rows],
            t("Essential"): ["●" if row["essential"] else "" for row in rows],
            t("Standing"): [t(str(row["standing"])) for row in rows],
            t("Firms here"): [row["here"] for row in rows],
            t("Firms in Japan on the list"): [row["japan"] for row in rows],
            t("Fed by"): ["、".join(names[id_] for id_ in stages[row["stage"]].after) for row in rows],
            t("Source"): [citation(stages[row["stage"]].sources)[language] for row in rows],
        }
    )


def chain_said(answer: FieldAnswer, language: Language) -> str:
    """Coverage of the chain in one sentence."""
    t = translator(language)
    every, essential = share_here(answer.chain)
    return t(
        "Stages with a firm here: {every} % of all, {essential} % of the essential ones{bound}.",
        every=number(100 * every, 0, t),
        essential=number(100 * essential, 0, t),
        bound="" if answer.complete else t(" (at least: the list is partial)"),
    )


def firms_table(answer: FieldAnswer, language: Language, *, public: bool = False) -> pd.DataFrame:
    """Firms of the field in the area; private ones are left out of what is published."""
    t = translator(language)
    rows = answer.firms[answer.firms["private"].ne("yes")] if public else answer.firms
    names = {stage.id: stage.title[language] for stage in chains()[answer.field.id]}
    return pd.DataFrame(
        {
            t("Firm"): rows["firm"].astype("str"),
            t("Site of the firm"): rows["name"].astype("str"),
            t("Role"): [t(_ROLES.get(str(role), "unknown")) for role in rows["role"]],
            t("Stage of the chain"): [names.get(str(stage), "") for stage in rows["stage"]],
            t("Largest customer (%)"): [_customer(row, t) for row in rows.to_dict("records")],
            t("Tags"): [_tags(row, t) for row in rows.to_dict("records")],
            t("Source"): rows["source"].fillna("").astype("str"),
        }
    ).reset_index(drop=True)


_ROLES = {"core": "core firm", "中核": "core firm", "supplier": "supplier", "供給": "supplier"}


def _customer(row: Mapping[Any, Any], t: Translate) -> str:
    share = pd.to_numeric(pd.Series([row["customer_share_pct"]]), errors="coerce").iloc[0]
    return t("unknown") if np.isnan(share) else f"{row['customer'] or ''} {share:g}".strip()


def _tags(row: Mapping[Any, Any], t: Translate) -> str:
    """Tags that the user's table gives to a firm, and whether it made the 10-billion declaration (100億宣言)."""
    tags = [str(row["tags"]).strip()] if isinstance(row["tags"], str) and row["tags"].strip() else []
    return "、".join(
        [*tags, *([t("100億宣言 (10-billion declaration)")] if row["declared_10_billion"] == "yes" else [])]
    )


def dependence_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """On how few the area depends: products, suppliers, one customer."""
    t = translator(language)
    rows = [
        (
            t("Product: {name}", name=name),
            t("HHI of imports × HHI of the world's exports"),
            number(one.both, 3, t),
            t(one.band) if one.band else t("unknown"),
            t("imports {a}, exports {b}", a=number(one.imports, 3, t), b=number(one.exports, 3, t)),
        )
        for name, one in answer.products.items()
    ]
    concentration, largest, n = answer.supply
    rows.append(
        (
            t("Suppliers of the firms here"),
            t("HHI (no official band)"),
            number(concentration, 3, t),
            "–",
            t("largest {share} %, {n} suppliers", share=number(100 * largest, 0, t), n=n),
        )
    )
    low, _, high = answer.assumed["single_customer_pct"]
    shares = pd.to_numeric(answer.firms["customer_share_pct"], errors="coerce")
    over = int((shares > high).sum())
    rows.append(
        (
            t("Dependence on one customer"),
            t("firms above {high} % (guide: {low}–{high} %)", low=f"{low:g}", high=f"{high:g}"),
            str(over) if shares.notna().any() else t("unknown"),
            "–",
            t("{n} firms tell their share", n=int(shares.notna().sum())),
        )
    )
    return pd.DataFrame(rows, columns=[t("What"), t("Measure"), t("Value"), t("Band"), t("Detail")])


def degrees_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Hub and connector degree of the firms of the area."""
    t, rows = translator(language), answer.degrees
    if not len(rows):
        return pd.DataFrame()
    return pd.DataFrame(
        {
            t("Firm"): rows.index.astype("str"),
            t("Hub degree"): [number(v, 2, t) for v in rows["hub"]],
            t("Connector degree"): [number(v, 2, t) for v in rows["connector"]],
            t("Suppliers"): rows["suppliers"].to_numpy(),
            t("Customers"): rows["customers"].to_numpy(),
        }
    )


def related_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Every field by how related it is to what the area does."""
    t = translator(language)
    rows = answer.related.to_dict("records")
    return pd.DataFrame(
        {
            t("Field"): [fields()[row["field"]].title[language] for row in rows],
            t("Related to what is done here (0–1)"): [number(row["relatedness"], 2, t) for row in rows],
            t("Prefectures below (%)"): [number(row["percentile"], 0, t) for row in rows],
            t("Location quotient ({base} = 1)", base=quotient_base(answer, t)): [
                number(row["quotient"], 2, t) for row in rows
            ],
        }
    )


def needs_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Needs of the planned investments summed, what is unknown counted apart."""
    t, rows = translator(language), []
    for kind in KINDS if len(answer.projects) else ():
        name, unit = _KINDS[kind]
        total, unknown = answer.needs.total(kind)
        how = answer.needs.how[:, KINDS.index(kind)]
        detail = t(
            "{stated} stated, {rate} by rate, {unknown} unknown",
            stated=int((how == STATED).sum()),
            rate=int((how == BY_RATE).sum()),
            unknown=int((how == UNKNOWN).sum()),
        )
        said = ranged(total, 0, t)
        known = not np.isnan(total[1])
        rows.append((t(name), t("at least {number}", number=said) if unknown and known else said, t(unit), detail))
    return pd.DataFrame(rows, columns=[t("Need"), t("Sum"), t("Unit"), t("Projects")])


def projects_said(answer: FieldAnswer, language: Language) -> str:
    """How many planned investments are known, and from where."""
    t = translator(language)
    if answer.own_projects:
        return t("{n} planned investments of the table imported.", n=len(answer.projects))
    return t("{n} planned sites of the field on our own list.", n=len(answer.projects))


def need_name(kind: Kind) -> tuple[str, str]:
    """English name and unit of a need, as keys of sentences."""
    return _KINDS[kind]


def workers_table(answer: FieldAnswer, language: Language) -> pd.DataFrame:
    """Workers by occupation that the planned investments ask for."""
    t = translator(language)
    rows = answer.needs.occupations()
    names = [OCCUPATION_NAMES[name][language] for name in rows.index]
    sums = [ranged((r.low, r.value, r.high), 0, t) for r in rows.itertuples()]  # type: ignore[arg-type]
    return pd.DataFrame({t("Occupation"): names, t("Workers"): sums})


def ripple_table(answer: FieldAnswer, language: Language, rounds: int = 6) -> pd.DataFrame:
    """Each round of the ripple by region; of an indicative range only its sums."""
    t = translator(language)
    heads = [t("Round"), t("In the area (100m yen)"), t("Rest of Japan (100m yen)")]
    if answer.ripple is None:
        if not answer.indicative:
            return pd.DataFrame(columns=heads)
        sums = [ranged(answer.indicative[region], 0, t) for region in (AREA, REST)]
        return pd.DataFrame([(t("in all (indicative range)"), *sums)], columns=heads)
    n = len(answer.ripple.economy.sectors)
    steps = [
        (t("demand") if k == 0 else str(k), number(float(row[:n].sum()), 1, t), number(float(row[n:].sum()), 1, t))
        for k, row in enumerate(answer.ripple.rounds[: rounds + 1])
    ]
    whole = (t("in all"), number(answer.ripple.within(AREA), 1, t), number(answer.ripple.within(REST), 1, t))
    return pd.DataFrame([*steps, whole], columns=heads)


def ripple_said(answer: FieldAnswer, language: Language) -> str:
    """How the ripple was found, with the national ratios as context and nothing more."""
    t = translator(language)
    if not answer.amount_oku > 0:
        return t("No amount is known: give one (--amount) or import planned projects with their investment.")
    spent = t("The whole amount counts as bought in the area: machinery bought elsewhere comes off first.")
    context = t(
        "For context: the ministry's frame for AI and semiconductors aims at over 50 trillion yen of investment and about 160 trillion yen of ripple in ten years, nationwide; no multiplier of a place follows from it ({source}).",
        source=citation(("meti-2025-06",))[language],
    )
    if answer.ripple is not None:
        return (
            t("By the input-output table you imported: two regions, {n} sectors, every round shown.", n=len(answer.ripple.economy.sectors)) + f" {spent} {context}"
        )  # fmt: skip
    return (
        t("Without an input-output table this is an indicative range: demand of {amount} (100m yen), from assumed shares bought from others, inside the area and abroad. It is no forecast.", amount=f"{answer.amount_oku:,.0f}") + f" {spent} {context}"
    )  # fmt: skip
