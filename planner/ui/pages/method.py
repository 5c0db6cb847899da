"""Method: how a score comes about, every value function and weight, what is counted twice, limits, how to cite."""

import pandas as pd
import streamlit as st

from ...analyses import Analysis, Words
from ...analyses.breakeven import exchange_sentence
from ...analyses.robust import influence_sentences
from ...analyses.validate import EQUAL, PROFILE, rivals
from ...decision.breakeven import unit_per_point
from ...decision.influence import influence
from ...decision.problem import Problem, problem_of
from ...errors import PlannerError
from ...explain.alike import alike_said
from ...explain.calibration import told, told_assumed
from ...measure.choices import field_title
from ...model.calibration import Calibration
from ...model.result import NOTHING
from ...model.tables import RANKED
from ...scenario.profiles import calibrated
from .. import cached, charts
from ..page import Page
from ..parts import STATUSES
from ..text import plain, said
from ..view import View, current

_SHARED = {
    "pref_code": "One value per prefecture, equal for neighbours in it: {titles}.",
    "grid_area": "One value per supply area, equal for neighbours in it: {titles}.",
    "muni_code": "One value per municipality, equal for neighbours in it: {titles}.",
}
_FORMULA = r"\text{score} = 100\sum_i w_i\,v_i(x_i^{\text{proven}}),\qquad \sum_i w_i = 1,\quad v_i\in[0,1]"


def draw() -> None:
    """Draw the page."""
    view = current()
    if view is None:
        return
    t = view.t
    st.subheader(t("How a score comes about"), anchor=False)
    st.markdown(
        t(
            "1. A gate is a no with its reason; it is never a low score. 2. Each value becomes 0 to 1 on fixed anchors, so that a score never depends on the other sites. 3. Weights are divided twice: among branches, then inside each. 4. What is unknown adds nothing to the score and everything to «up to». 5. Below the floor of known weight a site is listed as not ranked."
        )
    )
    st.latex(_FORMULA)
    try:
        problem = problem_of(view.result)
    except PlannerError as error:
        st.error(said(error, view.language))
        return
    _weights(view)
    for sentence in alike_said(view.scenario.profile, view.language):
        st.caption(plain(sentence))
    _evidence(view)
    _functions(view, problem)
    _influence(view, problem)
    _limits(view)


def _weights(view: View) -> None:
    t, about = view.t, view.result.about
    st.subheader(t("Weights and anchors"), anchor=False)
    used = {id_: c for id_, c in about.criteria.items() if c.weight > 0}
    rows = pd.DataFrame(
        {
            t("Branch"): [about.branches[c.branch][view.language] for c in used.values()],
            t("Criterion"): [c.title[view.language] for c in used.values()],
            t("Possible"): [100 * c.weight for c in used.values()],
            t("Spread here"): [c.spread for c in used.values()],
            t("Tells"): [t(c.tells) for c in used.values()],
            t("Basis"): [t(c.basis) for c in used.values()],
            t("Source"): [t(source or "") for source in (c.source for c in used.values())],
        }
    )
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        column_config={
            name: st.column_config.NumberColumn(format="%.1f") for name in (t("Possible"), t("Spread here"))
        },
    )
    st.caption(
        t(
            "«Spread here»: points between the 5th and the 95th of a hundred ranked sites of this question; what has none decides nothing here, whatever its weight."
        )
    )
    flat = [c.title[view.language] for c in used.values() if c.spread is not None and c.spread < NOTHING]
    if flat:
        st.caption(t("Decide nothing here: {titles}.", titles=plain(t(", ").join(flat))))
    for by, sentence in _SHARED.items():
        equal = [c.title[view.language] for c in used.values() if c.by == by]
        if equal:
            st.caption(plain(t(sentence, titles=t(", ").join(equal))))


def _evidence(view: View) -> None:
    """What the weights rest on, and where real choices stand under them."""
    t, made = view.t, view.result.about.scenario.calibration
    st.subheader(t("Real choices"), anchor=False)
    shipped = calibrated().get(view.scenario.profile)
    if made is not None:
        sentences, better = told(made, view.language), made.beats_columns
    elif shipped is not None:
        other = Calibration.model_validate(shipped["calibration"])
        sentences, better = told_assumed(other, view.language), other.assumed_beats_columns
    else:
        sentences, better = (t("These weights are assumed, and there are no real choices to try them on."),), True
    for sentence in sentences:
        st.markdown(f"- {plain(sentence)}")
    if not better:
        st.warning(t("On choices not seen this profile finds no better than one of its columns alone."))
    if view.result.about.candidates.kind != "mesh":
        st.caption(t("Where real choices stand in a ranking is told for the cells of the mesh."))
        return
    try:
        found = cached.validation(view.evaluated, view.language)
    except PlannerError as error:
        st.caption(said(error, view.language))
        return
    _stand(view, found)


def _stand(view: View, found: Analysis) -> None:
    """The picture, the sentences of the profile's own fields, and every choice behind a click."""
    t, spread = view.t, found.facts["distribution"]
    places = pd.DataFrame({"low": spread["edges"][:-1], "high": spread["edges"][1:], "count": spread["counts"]})
    choices = found.table.assign(
        points=view.result.table["score"].reindex(found.table["site_id"]).to_numpy(),
        title=found.table["name"],
        own=found.table["field"].isin(found.facts["judged_by"]),
        field=found.table["field"].map(lambda name: field_title(name, view.language)),
    )
    ranked = choices[choices["best_status"] == RANKED]
    st.altair_chart(
        charts.standing(places, ranked[["points", "title", "field", "own"]], view.language),
        alt=t("How many random places have how many points, and where real choices stand"),
    )
    own = found.facts["own_sentences"]
    for sentence in found.sentences[:own]:
        st.markdown(f"- {plain(sentence)}")
    _rivals(view, found)
    with st.expander(t("Every choice, and the other fields")):
        for sentence in found.sentences[own:]:
            st.markdown(f"- {plain(sentence)}")
        statuses = {status: t(label) for status, label in STATUSES.items()}
        st.dataframe(
            pd.DataFrame(
                {
                    t("Name"): choices["title"],
                    t("Field"): choices["field"],
                    t("Year"): choices["year"],
                    t("Percentile"): choices["percentile"],
                    t("Points proven"): choices["points"],
                    t("Status"): choices["best_status"].map(statuses),
                }
            ),
            hide_index=True,
            width="stretch",
            column_config={t("Percentile"): st.column_config.NumberColumn(format="percent")},
        )


def _functions(view: View, problem: Problem) -> None:
    t = view.t
    st.subheader(t("Value functions"), anchor=False)
    st.caption(plain(exchange_sentence(unit_per_point(problem), Words(view.result, view.language))))
    columns = st.columns(3)
    for number, (id_, function) in enumerate(zip(problem.criteria, problem.functions, strict=True)):
        at, value = function.knots()
        criterion = problem.criteria[id_]
        chart = charts.value_function(
            pd.DataFrame({"x": at, "value": value}), t(criterion.unit), criterion.title[view.language]
        )
        columns[number % 3].altair_chart(
            chart, alt=t("Value function of {title}", title=criterion.title[view.language])
        )


def _influence(view: View, problem: Problem) -> None:
    t = view.t
    st.subheader(t("Weight and actual influence; what is counted twice"), anchor=False)
    found = influence(problem, view.scenario.robustness.top)
    words = Words(view.result, view.language)
    for sentence in influence_sentences(found, words):
        st.markdown(f"- {plain(sentence)}")
    titles = {id_: words.title(id_) for id_ in problem.criteria}
    rows = pd.DataFrame(
        {
            t("Criterion"): list(titles.values()),
            t("Weight"): found.criteria["weight"].to_numpy(),
            t("Influence"): found.criteria["influence"].to_numpy(),
            t("Top k kept without it"): found.criteria["top_kept"].to_numpy(),
        }
    )
    percent = st.column_config.NumberColumn(format="percent")
    st.dataframe(rows, hide_index=True, width="stretch", column_config=dict.fromkeys(rows.columns[1:], percent))
    st.altair_chart(charts.heat(found.correlation, titles), alt=t("Rank correlations between criteria"))


def _limits(view: View) -> None:
    t = view.t
    st.subheader(t("Limits"), anchor=False)
    for criterion in view.result.criteria.values():
        st.markdown(f"- **{plain(criterion.title[view.language])}**: {plain(criterion.caveat[view.language])}")
    st.subheader(t("How to cite"), anchor=False)
    st.code(f"{view.result.about.software}, scenario {view.result.about.scenario_sha256[:12]}", language=None)


def _rivals(view: View, found: Analysis) -> None:
    """Every single criterion and equal weights beside the profile, on its own fields."""
    t, words = view.t, Words(view.result, view.language)
    for field, rows in rivals(found.facts["figures"], found.facts["judged_by"]).items():
        with st.expander(
            t("{field}: every criterion alone, beside the profile", field=plain(field_title(field, view.language)))
        ):
            names = {PROFILE: t("This profile"), EQUAL: t("Equal weights")}
            st.dataframe(
                pd.DataFrame(
                    {
                        t("Ranked by"): [names.get(row["rival"]) or words.title(row["rival"]) for row in rows],
                        t("Choices"): [row["n"] for row in rows],
                        t("Median percentile"): [row["median"] for row in rows],
                        t("In the best 5 %"): [row["top"] for row in rows],
                        t("Area"): [row["area"] for row in rows],
                        t("90 % interval"): ["{:.2f}–{:.2f}".format(*row["area_interval"]) for row in rows],
                    }
                ),
                hide_index=True,
                width="stretch",
                column_config={
                    t("Median percentile"): st.column_config.NumberColumn(format="%.2f"),
                    t("In the best 5 %"): st.column_config.NumberColumn(format="percent"),
                    t("Area"): st.column_config.NumberColumn(format="%.2f"),
                },
            )


PAGE = Page("method", "Method", draw, place=12)
