"""Charts from tables; Streamlit serves the chart library itself, so nothing comes from outside."""

from typing import Any

import altair as alt
import pandas as pd

from ..explain.reasons import Explanation
from ..i18n import Language, translator

_ACCENT, _MUTED, _NEXT = "#00538b", "#b8b8b8", "#d9a441"


def contributions(chosen: Explanation, following: Explanation | None, language: Language) -> Any:
    """Points per criterion: the chosen site, the median, the next site; what is unknown has no bar."""
    t = translator(language)
    names = {"site": t("This site"), "median": t("Median of the known"), "next": t("Next site")}
    rows = [(line.title, names["site"], line.points) for line in chosen.lines]
    rows += [(line.title, names["median"], line.median_points) for line in chosen.lines]
    rows += [(line.title, names["next"], line.points) for line in (following.lines if following else ())]
    table = pd.DataFrame(rows, columns=["criterion", "who", "points"]).dropna()
    order = [line.title for line in chosen.lines]
    scale = alt.Scale(domain=list(names.values()), range=[_ACCENT, _MUTED, _NEXT])
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            y=alt.Y("criterion:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)),
            x=alt.X("points:Q", title=t("Points proven")),
            yOffset=alt.YOffset("who:N", sort=list(names.values())),
            color=alt.Color(
                "who:N", scale=scale, sort=list(names.values()), title=None, legend=alt.Legend(orient="top")
            ),
            tooltip=["criterion", "who", alt.Tooltip("points:Q", format=".1f")],
        )
        .properties(height=max(34 * len(order), 120))
    )


def value_function(knots: pd.DataFrame, unit: str, title: str) -> Any:
    """A value function as a broken line; `knots` has x and value."""
    x = alt.X("x:Q", title=unit, scale=alt.Scale(zero=False))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1]))
    return alt.Chart(knots, title=title).mark_line(point=True, color=_ACCENT).encode(x=x, y=y).properties(height=150)


def standing(places: pd.DataFrame, choices: pd.DataFrame, language: Language) -> Any:
    """How many random places have how many points, and where real choices stand; `choices` has points, title, field and own."""
    t = translator(language)
    x = alt.X("low:Q", bin="binned", title=t("Points proven"))
    columns = (
        alt.Chart(places).mark_bar(color=_MUTED).encode(x=x, x2="high:Q", y=alt.Y("count:Q", title=t("Random places")))
    )
    names = {True: t("Choices of this profile"), False: t("Other choices")}
    marks = choices.assign(who=choices["own"].map(names))
    scale = alt.Scale(domain=list(names.values()), range=[_ACCENT, _NEXT])
    ticks = (
        alt.Chart(marks)
        .mark_rule(strokeWidth=1.5)
        .encode(
            x="points:Q",
            color=alt.Color("who:N", scale=scale, title=None, legend=alt.Legend(orient="top")),
            tooltip=[
                alt.Tooltip("title:N", title=t("Name")),
                alt.Tooltip("field:N", title=t("Field")),
                alt.Tooltip("points:Q", title=t("Points proven"), format=".1f"),
            ],
        )
    )
    return (columns + ticks).properties(height=220)


def capacity(by_year: pd.DataFrame, names: dict[str, str], load_mw: float, year: int | None, language: Language) -> Any:
    """MW by year as steps: room known, class expected, class at the most; the load as a line and the year asked for as another."""
    t = translator(language)
    order = [names[name] for name in ("known_mw", "expected_mw", "most_mw")]
    long = by_year.rename(columns=names).melt(names["year"], var_name="what", value_name="mw").dropna()
    scale = alt.Scale(domain=order, range=["#1b7837", _ACCENT, _MUTED])
    x = alt.X(f"{names['year']}:Q", title=None, axis=alt.Axis(format="d"))
    steps = (
        alt.Chart(long)
        .mark_line(interpolate="step-after", strokeWidth=2.5)
        .encode(
            x=x,
            y=alt.Y("mw:Q", title=t("MW")),
            color=alt.Color(
                "what:N", scale=scale, sort=order, title=None, legend=alt.Legend(orient="bottom", direction="vertical")
            ),
            tooltip=[names["year"], "what", alt.Tooltip("mw:Q", format=",.0f")],
        )
    )
    load = alt.Chart(pd.DataFrame({"mw": [load_mw]})).mark_rule(color="#d55e00", strokeDash=[4, 3]).encode(y="mw:Q")
    asked = alt.Chart(pd.DataFrame({names["year"]: [year] if year else []})).mark_rule(color="#d55e00").encode(x=x)
    return (steps + load + asked).properties(height=280)


def ranges(table: pd.DataFrame, unit: str) -> Any:
    """Horizontal bars at the middle with a line from low to high; `table` has name, low, value, high; a logarithmic axis."""
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, labelOverlap=False))
    known = table.dropna()
    x = alt.X("value:Q", title=unit, scale=alt.Scale(type="symlog"))
    tips = ["name", *(alt.Tooltip(f"{part}:Q", format=",.1f") for part in ("low", "value", "high"))]
    middle = alt.Chart(known).mark_bar(color="#9cc3de").encode(x=x, y=y, tooltip=tips)
    span = alt.Chart(known).mark_rule(color=_ACCENT, strokeWidth=2).encode(x="low:Q", x2="high:Q", y=y, tooltip=tips)
    return (middle + span).properties(height=max(28 * len(known), 90))


def stacked(table: pd.DataFrame, year: str, parts: list[str], title: str) -> Any:
    """Columns by year, one part on the other."""
    long = table.melt(year, value_vars=parts, var_name="what", value_name="n")
    scale = alt.Scale(domain=parts, range=["#9cc3de", _ACCENT])
    return (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X(f"{year}:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("n:Q", title=title),
            color=alt.Color("what:N", scale=scale, title=None, legend=alt.Legend(orient="bottom")),
            tooltip=[f"{year}:O", "what", alt.Tooltip("n:Q", format=",.0f")],
        )
        .properties(height=240)
    )


def hours(values: Any, unit: str, language: Language, *, good: str = "high") -> Any:
    """A heat map by month and hour of the day (12, 24)."""
    t = translator(language)
    rows = [(month + 1, hour, float(values[month, hour])) for month in range(12) for hour in range(24)]
    long = pd.DataFrame(rows, columns=["month", "hour", "value"])
    top = max(float(long["value"].max()), 1.0)
    scale = (
        alt.Scale(scheme="yellowgreenblue", domain=[0, 100])
        if good == "high"
        else alt.Scale(scheme="orangered", domain=[0, top])
    )
    return (
        alt.Chart(long)
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title=t("Hour of the day"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("month:O", title=t("Month")),
            color=alt.Color("value:Q", title=unit, scale=scale),
            tooltip=["month", "hour", alt.Tooltip("value:Q", format=",.1f", title=unit)],
        )
        .properties(height=240)
    )


def bars(table: pd.DataFrame, name: str, value: str, unit: str, *, signed: bool = False) -> Any:
    """Horizontal bars; below zero in another colour when `signed`."""
    colour = (
        alt.condition(alt.datum[value] < 0, alt.value("#b2182b"), alt.value(_ACCENT)) if signed else alt.value(_ACCENT)
    )
    y = alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelOverlap=False))
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(x=alt.X(f"{value}:Q", title=unit), y=y, color=colour)
        .properties(height=24 * len(table) + 90)
    )


def heat(correlation: pd.DataFrame, titles: dict[str, str]) -> Any:
    """Rank correlations as a matrix."""
    long = correlation.rename(index=titles, columns=titles).rename_axis("a").reset_index().melt("a", var_name="b")
    colour = alt.Color("value:Q", scale=alt.Scale(scheme="purpleorange", domain=[-1, 1]), title=None)
    axis = alt.Axis(labelLimit=220)
    return (
        alt.Chart(long)
        .mark_rect()
        .encode(
            x=alt.X("a:N", title=None, axis=axis),
            y=alt.Y("b:N", title=None, axis=axis),
            color=colour,
            tooltip=["a", "b", alt.Tooltip("value:Q", format=".2f")],
        )
        .properties(height=420)
    )
