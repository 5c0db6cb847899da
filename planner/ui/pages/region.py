"""Region: a prefecture or labour block as three stocks, with charts, as CSV and PDF. Context, never a score."""

import pandas as pd
import streamlit as st

from geodata import GeodataError
from geodata.country.codes import prefectures

from ...context import need_stock, plan_words, region
from ...context import skills_words as words
from ...context.area import area_of
from ...context.field_cluster import planned_in
from ...context.nextsteps import today_in_japan
from ...fields.needs import needs_of
from ...i18n import Language, translator
from ...model.assumptions import three
from ...model.sources import LABELS
from ...model.tables import place_of
from ...output.formats import escape_formulas
from ...output.papers import region_pdf, stock_value
from ...plans.incentives import Case
from ...skills.work import Work, said_size
from .. import cached, charts
from ..page import Page
from ..parts import choice
from ..session import language as spoken
from ..session import session
from ..text import plain, said


def draw() -> None:
    """Draw the page."""
    language = spoken()
    t = translator(language)
    st.subheader(t("What does a region bring?"), anchor=False)
    st.caption(t("Context for a region, never a score. A partial inventory gives a lower bound; unknown is not zero."))
    codes, title = _chosen(language)
    try:
        lines = cached.stocks(tuple(codes), language)
        _draw(lines, codes, title, language)
    except GeodataError as error:
        st.error(said(error, language))


def _chosen(language: Language) -> tuple[list[str], str]:
    t, table = translator(language), prefectures()
    name, block = ("name", "block") if language == "ja" else ("name_en", "block_en")
    kinds = {"prefecture": t("Prefecture"), "block": t("Labour block (METI bureau)")}
    plan = session().plan
    if plan is not None:
        kinds = {"plan": t("Area of the plan"), **kinds}
    left, right = st.columns(2)
    kind = choice(
        left.radio,
        t("Region"),
        list(kinds),
        "region-kind",
        language,
        format_func=lambda kind: plain(kinds[kind]),
        horizontal=True,
    )
    if kind == "plan" and plan is not None:
        return plan.area_prefectures, plan.title
    if kind == "prefecture":
        first = (session().prefectures or ["18"])[0]
        code = right.selectbox(
            t("Prefecture"),
            table.index,
            index=place_of(table.index, first),
            format_func=table[name].to_dict().__getitem__,
            key=f"region-{language}",
        )
        return [code], str(table.loc[code, name])
    names = table.drop_duplicates("block_code").set_index("block_code")[block]
    chosen = choice(right.selectbox, t("Block"), list(names.index), "block", language, format_func=names.__getitem__)
    return list(table.index[table["block_code"].eq(chosen)]), str(names[chosen])


def _draw(lines: pd.DataFrame, codes: list[str], title: str, language: Language) -> None:
    t = translator(language)
    for group, part in lines.groupby("group", sort=False):
        st.markdown(f"**{plain(group)}**")
        rows = pd.DataFrame(
            {
                t("Stock"): part["title"],
                t("Value"): [stock_value(line, language) for _, line in part.iterrows()],
                t("Date"): part["date"],
                t("Status"): part["status"],
                t("Source"): part["source"],
            }
        )
        st.dataframe(rows, hide_index=True, width="stretch", height="content")
    _needs(codes, language)
    _charts(codes, language)
    _towns(codes, language)
    left, right, _ = st.columns([1, 1, 3])
    left.download_button(
        t("Region as PDF"),
        data=lambda: region_pdf(cached.store(), codes, title, language),
        file_name=f"{'-'.join(codes[:1])}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="region-pdf",
    )
    right.download_button(
        t("Region as CSV"),
        data=lambda: escape_formulas(lines).to_csv(index=False).encode("utf-8-sig"),
        file_name="region.csv",
        mime="text/csv",
        on_click="ignore",
        key="region-csv",
    )


def _needs(codes: list[str], language: Language) -> None:
    """Planned investments of the region beside what it has, and what could answer the gap."""
    t, seen = translator(language), cached.seen()
    area = area_of(seen, ",".join(codes))
    projects, own = planned_in(seen, area)
    st.markdown(f"**{t('Need beside stock')}**")
    if own:
        st.caption(t("{n} planned investments of the table imported.", n=len(projects)))
    else:
        st.caption(t("{n} planned sites on our own list; import your own (kind planned_projects).", n=len(projects)))
    if len(projects):
        lines = need_stock.lines(seen, area, needs_of(projects))
        answers = need_stock.measures(lines, Case(), today_in_japan())
        st.dataframe(plan_words.needs_table(lines, answers, language), hide_index=True, width="stretch")


def _towns(codes: list[str], language: Language) -> None:
    """Municipalities of the region by the people on the market per worker of the investment asked about."""
    t, asked = translator(language), session().question
    work = (asked.work if asked is not None else None) or Work()
    towns = pd.concat([cached.town_gaps(code, work) for code in codes])
    known = towns.dropna(subset=["value"]).sort_values("value", ascending=False)
    title = t("Scarcest occupation, people per worker needed, by municipality")
    st.markdown(f"**{plain(title)}: {plain(said_size(work)[language])}**")
    if known.empty:
        st.info(t("Unknown here: pull the layers of people, or choose the size of the profile."))
        return
    few = int((known["value"] < 1).sum())
    st.caption(
        t("{n} municipalities known, {few} of them with less than one person per worker needed.", n=len(known), few=few)
    )
    rows = pd.DataFrame(
        {
            t("Municipality"): known["name"],
            t("People per worker needed"): [
                words.ratio(three(row[part] for part in ("low", "value", "high")), t)
                for row in known.to_dict("records")
            ],
        }
    )
    st.dataframe(rows, hide_index=True, width="stretch", height=260)


def _charts(codes: list[str], language: Language) -> None:
    t = translator(language)
    left, right = st.columns(2)
    plants = region.plants_by_technology(cached.store(), codes).reset_index()
    with left:
        st.markdown(t("**Known capacity by technology (MW, lower bound)**"))
        if plants.empty:
            st.info(t("Unknown: the plants cannot be placed in this region. Pull the prefectures."))
        else:
            plants["technology"] = plants["technology"].map(t)
            st.altair_chart(charts.bars(plants, "technology", "mw", "MW"), alt=t("Known capacity by technology"))
    national, block = region.mismatch(cached.store(), region.block_of(codes[0]))
    with right:
        st.markdown(t("**Surplus (+) or shortage (−) of workers in 2040, national, 10,000 persons**"))
        names = national["name" if language == "ja" else "name_en"]
        table = pd.DataFrame({"name": names, "persons_10k": national["mismatch_10k_persons"]})
        st.altair_chart(
            charts.bars(table, "name", "persons_10k", t("10,000 persons"), signed=True),
            alt=t("Mismatch of 2040 by occupation and education"),
        )
        for row in block.itertuples():
            st.caption(
                t(
                    "This block ({label}): {what} {number} ({source})",
                    label=LABELS["quoted"][language],
                    what=plain(str(row.covers)),
                    number=f"{row.mismatch_10k_persons:+,.1f}",
                    source=plain(str(row.source_url)),
                )
            )
        if block.empty:
            st.caption(t("No figure by occupation has been published for this block in readable form."))


PAGE = Page("region", "Region", draw, place=10)
