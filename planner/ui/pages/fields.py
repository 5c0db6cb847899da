"""Fields: what an area already does in one of the 17 strategic fields, as pictures with the tables behind them."""

import pandas as pd
import streamlit as st

from geodata import GeodataError
from geodata.country.codes import prefectures

from ...context import behind, field_facts
from ...context import field_words as words
from ...context.area import Area, area_of
from ...context.field_cluster import FieldAnswer
from ...explain.alike import alike_said
from ...fields.chains import HERE, chains
from ...fields.field import field_of_profile, fields
from ...i18n import Language, translator
from .. import cached, chain, charts
from ..page import Page
from ..parts import choice
from ..session import language as spoken
from ..session import session
from ..text import plain, said

_MOST = 1_000_000.0
_SECTORS = 10


def draw() -> None:
    """Draw the page."""
    language = spoken()
    t = translator(language)
    st.subheader(t("What does an area already do in a field?"), anchor=False)
    field_id, area, amount = _asked(language)
    try:
        with st.spinner(t("Looking at firms, sectors and chains…")):
            answer = cached.field(field_id, area, amount or None)
        _draw(answer, language)
    except GeodataError as error:
        st.error(said(error, language))


def _asked(language: Language) -> tuple[str, Area, float]:
    """Field, area and amount; the field of the profile first."""
    t = translator(language)
    mine = field_of_profile(session().profile)
    names = {id_: _numbered(id_, language) for id_ in fields()}
    order = [*([mine.id] if mine else []), *(id_ for id_ in names if mine is None or id_ != mine.id)]
    first, second, third, fourth = st.columns([3, 2, 3, 2])
    with first:
        field_id = choice(st.selectbox, t("Field"), order, "field", language, format_func=names.__getitem__)
    area = pick_area(second, third, "field", language)
    amount = fourth.number_input(t("Demand for the ripple (100m yen, 0 = that of the plans)"), 0.0, _MOST, 0.0, 100.0)
    return field_id, area, float(amount)


def pick_area(left: object, right: object, name: str, language: Language) -> Area:
    """A block or a prefecture."""
    t, table = translator(language), prefectures()
    kinds = {"prefecture": t("Prefecture"), "block": t("Labour block (METI bureau)")}
    with left:  # type: ignore[attr-defined]
        kind = choice(
            st.selectbox, t("Region"), list(kinds), f"{name}-area-kind", language, format_func=kinds.__getitem__
        )
    title, block = ("name", "block") if language == "ja" else ("name_en", "block_en")
    shown = table[title] if kind == "prefecture" else table.drop_duplicates("block_code").set_index("block_code")[block]
    named = session().prefectures
    order = list(shown.index)
    if kind == "prefecture" and named and named[0] in order:
        order = [named[0], *(code for code in order if code != named[0])]
    with right:  # type: ignore[attr-defined]
        code = choice(
            st.selectbox,
            plain(kinds[kind]),
            order,
            f"{name}-area-{kind}",
            language,
            format_func=shown.to_dict().__getitem__,
        )
    return area_of(cached.store(), code)


def _numbered(id_: str, language: Language) -> str:
    field = fields()[id_]
    return f"{field.number}. {field.title[language]}" if field.number else field.title[language]


def _draw(answer: FieldAnswer, language: Language) -> None:
    t = translator(language)
    st.markdown(f"**{plain(words.headline(answer, language))}**")
    _cards(answer, language)
    _chain(answer, language)
    left, right = st.columns(2)
    with left:
        _sectors(answer, language)
    with right:
        _related(answer, language)
    for sentence in (*words.cautions(answer, language), *alike_said(answer.field.profile, language)):
        st.caption(plain(sentence))
    left, right = st.columns(2)
    for half, title, table, note in (
        (left, t("Firms of the field"), words.firms_table(answer, language), ""),
        (right, t("Dependence"), words.dependence_table(answer, language), ""),
        (right, t("Hub and connector firms"), words.degrees_table(answer, language), ""),
        (
            left,
            t("Needs of planned investments"),
            words.needs_table(answer, language),
            words.projects_said(answer, language),
        ),
        (right, t("Ripple"), words.ripple_table(answer, language), words.ripple_said(answer, language)),
        (left, t("Essential services"), field_facts.services_table(answer.services, language), ""),
    ):
        if len(table) or note:
            half.markdown(f"**{plain(title)}**")
            if note:
                half.caption(plain(note))
            if len(table):
                half.dataframe(table, hide_index=True, width="stretch")
    st.markdown(f"**{t('What the papers say of the field')}**")
    st.caption(plain(field_facts.tags_said(answer, language)))
    for what, statement, source in field_facts.facts_table(answer, language).itertuples(index=False):
        st.markdown(f"- **{plain(what)}** {plain(statement)} ({plain(source)})")
    _behind(answer, language)


def _cards(answer: FieldAnswer, language: Language) -> None:
    """The four figures to see first, and the way to the ranking."""
    t = translator(language)
    here = int(answer.chain["standing"].eq(HERE).sum())
    cards = (
        (t("Firms on the list"), f"{len(answer.firms)}"),
        (t("Stages of the chain here"), f"{here} / {len(answer.chain)}"),
        (t("Location quotient"), _quotient(answer, language)),
        (t("National institutes and large facilities"), f"{field_facts.institutes_here(answer)}"),
    )
    columns = st.columns([2, 2, 2, 2, 3])
    for column, (title, value) in zip(columns, cards, strict=False):
        column.metric(plain(title), plain(value))
    columns[-1].button(
        t("Rank by this field"),
        on_click=session().begin,
        args=(answer.field.profile,),
        help=t("Takes the profile of this field; the ranking stands on Explore."),
    )


def _quotient(answer: FieldAnswer, language: Language) -> str:
    if answer.sectors is None or not answer.sectors.of_field:
        return translator(language)("unknown")
    return words.number(float(answer.sectors.table["quotient"][answer.sectors.of_field[0]]), 2, translator(language))


def _chain(answer: FieldAnswer, language: Language) -> None:
    t = translator(language)
    st.markdown(f"**{t('Value chain')}**")
    rows = answer.chain.set_index("stage")
    standing = {str(id_): (str(row["standing"]), int(row["here"])) for id_, row in rows.iterrows()}
    st.html(chain.drawing(chains()[answer.field.id], standing, language))
    st.caption(
        plain(words.chain_said(answer, language))
        + " "
        + t("Dark: a firm on the list stands here; light: elsewhere in Japan; white: none on the list. Bold rim: essential, as we read it.")
    )  # fmt: skip
    st.caption(plain(field_facts.ready_said(answer, language)))
    with st.expander(t("Stages as a table, with sources")):
        st.dataframe(words.chain_table(answer, language), hide_index=True, width="stretch")


def _sectors(answer: FieldAnswer, language: Language) -> None:
    """Quotients of the sectors that stand out, those of the field among them."""
    t = translator(language)
    st.markdown(f"**{t('Where the area is at home: location quotients')}**")
    if answer.sectors is None:
        st.info(t("Unknown: pull sector_employees, or import a table of your own (kind sector_table)."))
        return
    rows = answer.sectors.table["quotient"].dropna().sort_values(ascending=False)
    wanted = dict.fromkeys([*rows.index[:_SECTORS], *(c for c in answer.sectors.of_field if c in rows.index)])
    marked = [("● " if c in answer.sectors.of_field else "") + words.sector_name(str(c), language) for c in wanted]
    table = pd.DataFrame({"name": marked, "value": rows.loc[list(wanted)].to_numpy()})
    st.altair_chart(charts.bars(table, "name", "value", t("times {base}", base=words.quotient_base(answer, t))))
    with st.expander(t("Sectors of the area")):
        st.dataframe(words.sectors_table(answer, language), hide_index=True, width="stretch")


def _related(answer: FieldAnswer, language: Language) -> None:
    t = translator(language)
    st.markdown(f"**{t('Fields by how related they are to what is done here')}**")
    rows = answer.related.dropna(subset=["percentile"])
    if rows.empty and answer.sectors is not None:
        st.info(t("Unknown: the table holds too few areas or sectors to tell what goes together."))
        return
    if rows.empty:
        st.info(t("Unknown: pull sector_employees, or import a table of your own (kind sector_table)."))
        return
    if answer.sectors is None or not answer.sectors.own:
        st.info(
            t(
                "By divisions alone most fields look the same here. Import a table by two-digit groups (kind sector_table) to see which field is related."
            )
        )
    else:
        _related_bars(rows, answer, language)
    with st.expander(t("Fields as a table")):
        st.dataframe(words.related_table(answer, language), hide_index=True, width="stretch")


def _related_bars(rows: pd.DataFrame, answer: FieldAnswer, language: Language) -> None:
    t = translator(language)
    names = [("● " if f == answer.field.id else "") + fields()[f].title[language] for f in rows["field"]]
    table = pd.DataFrame({"name": names, "value": rows["percentile"].to_numpy()})
    st.altair_chart(charts.bars(table, "name", "value", t("% of the prefectures below")))


def _behind(answer: FieldAnswer, language: Language) -> None:
    t = translator(language)
    with st.expander(t("Places of the papers' systems, assumptions and layers behind this answer")):
        if field_facts.points_said(answer, language):
            st.caption(plain(field_facts.points_said(answer, language)))
        for table in (
            field_facts.points_table(answer, language),
            field_facts.ready_table(answer, language),
            words.workers_table(answer, language),
            behind.assumptions_table(answer.assumed, language),
            behind.layers_table(answer.locks, language),
        ):
            st.dataframe(table, hide_index=True, width="stretch")


PAGE = Page("fields", "Fields", draw, place=8)
