"""Commands that rank and explain."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.markup import escape
from rich.table import Table

from geodata import Layers
from geodata.country.codes import prefectures as prefecture_table

from ..context.landrules import land_rules
from ..context.nextsteps import said_steps
from ..errors import PlannerError
from ..evaluation import Evaluation, evaluate
from ..explain import reasons as explanations
from ..explain.power import assumed_power
from ..i18n import Language, Translate, translator
from ..measure.shipped import ORIGIN
from ..model.sourced import BRANCHES
from ..output.files import read_result, write
from ..output.report import write_report
from ..scenario.base import in_order, read_place
from ..scenario.bind import bind
from ..scenario.criteria import criteria
from ..scenario.merge import load_scenario, merged_scenario, scenario_from_profile
from ..scenario.profiles import Weighting, profiles
from ..scenario.scenario import Scenario
from ..skills.work import read_size
from .common import DataDir, Json, Lang, app, bar, err, language_of, opened, out, print_json

_KINDS = ("mesh", "municipalities", "sites")


@app.command("profiles")
def list_profiles(*, as_json: Json = False, lang: Lang = None) -> None:
    """List the profiles: what they ask, their weights and gates."""
    whole = {id_: scenario_from_profile(id_).model_dump(mode="json", exclude={"candidates"}) for id_ in profiles()}
    if as_json:
        print_json(whole)
        return
    language = language_of(lang)
    t = translator(language)
    for id_, profile in whole.items():
        out.print(
            f"[bold]{id_}[/bold]  {escape(profile['title'][language])}\n  {escape(profile['question'][language])}"
        )
        shares = ", ".join(
            f"{BRANCHES[b][language]} {v['weight']:g} ({t(v['basis'])})" for b, v in profile["branches"].items()
        )
        out.print(f"  {escape(shares)}")
        out.print(f"  {escape(profile['asks'][language])}\n  {escape(profile['measures'][language])}")
        for gate in bind(scenario_from_profile(id_)).gates.values():
            out.print(f"  gate: {escape(gate.title[language])} ({t(gate.basis)}: {escape(gate.source or '')})")


@app.command("criteria")
def list_criteria(*, as_json: Json = False, lang: Lang = None) -> None:
    """List the criteria: unit, layers, reach, why and what they do not say."""
    if as_json:
        print_json({id_: criterion.said().model_dump(mode="json") for id_, criterion in criteria().items()})
        return
    language = language_of(lang)
    table = Table("id", "branch", "title", "unit", "layers", "reach", "why")
    for id_, criterion in criteria().items():
        c = criterion.said()
        cells = (
            id_,
            BRANCHES[c.branch][language],
            c.title[language],
            c.unit,
            ", ".join(c.layers),
            c.reach()[language],
            c.why[language],
        )
        table.add_row(*map(escape, cells))
    out.print(table)


@app.command("rank")
def rank_sites(  # noqa: PLR0913  (one parameter per option)
    *,
    to: Annotated[Path, typer.Option("--out", help="Result file: .geojson, .parquet, .gpkg, .csv or .xlsx.")],
    profile: Annotated[str | None, typer.Option(help="Profile id; see `planner profiles`.")] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            help="calibrated or assumed: the set of the profile's weights; default: the one that finds real choices better."
        ),
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="Scenario file (TOML) instead of a profile.")] = None,
    candidates: Annotated[str | None, typer.Option(help="mesh, municipalities, sites or a file.")] = None,
    prefectures: Annotated[
        str | None, typer.Option(help="Codes such as 01,02, labour blocks such as KYS, or all.")
    ] = None,
    mesh: Annotated[str | None, typer.Option(help="1km or 500m.")] = None,
    within: Annotated[
        str | None, typer.Option(help="LON,LAT,KM or LAT,LON,KM: only candidates in this circle.")
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(help="NAME=LAT,LON (or LON,LAT): a plant, customer or port of your own; may be repeated."),
    ] = None,
    demand_mw: Annotated[
        float | None, typer.Option(help="Load that the site must power, MW of grid connection.")
    ] = None,
    by: Annotated[int | None, typer.Option(help="Year by whose end it must be there: a gate.")] = None,
    size: Annotated[
        str | None,
        typer.Option(help="Size of the investment whose workers are sought, such as '300 MW' or '1,700 jobs'."),
    ] = None,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Measure, screen, score and rank candidates; write every site with its reasons."""
    language = language_of(lang)
    options = _candidate_options(candidates, prefectures, mesh, within)
    places = [read_place(text) for text in place or []]
    asked = _scenario(
        profile,
        weights,
        scenario,
        {"candidates": options, "places": places, "demand": _demand(demand_mw, by), "work": _work(size)},
    )
    store = opened(data_dir)
    with bar() as shown:
        task = shown.add_task("", total=1.0)
        evaluation = evaluate(
            asked, store, progress=lambda stage, share: shown.update(task, completed=share, description=stage)
        )
        shown.update(task, description=str(to.name))
        write(evaluation, to, language)
    _say_ranked(evaluation, to, store, language)


def _say_ranked(evaluation: Evaluation, to: Path, store: Layers, language: Language) -> None:
    """How many are ranked and on what that rests, then the first ten."""
    result = evaluation.result()
    for report in evaluation.reports:
        for sentence in report.sentences(translator(language)):
            err.print(escape(sentence))
    counts = evaluation.ranking.status.value_counts()
    print_counts = ", ".join(f"{counts.get(s, 0):,} {s}" for s in ("ranked", "not_ranked", "excluded"))
    out.print(f"{escape(str(to))}: {print_counts}; scenario {evaluation.plan.scenario.digest()[:12]}")
    for lock in result.layers:
        spec = store.spec(lock.id)
        if lock.origin in {"embedded", "absent", ORIGIN} and spec.connector and not spec.from_user:
            err.print(f"layer {lock.id}: {lock.origin} (planner data pull {lock.id})")
    if any(lock.origin == ORIGIN for lock in result.layers):
        err.print(_rests_on_shipped(translator(language)))
    for sentence in assumed_power(result, language):
        out.print(escape(sentence))
    table = Table("rank", "site_id", "name", "score", "high", "known")
    for site_id, row in result.table.head(10).iterrows():
        if row["status"] == "ranked":
            cells = (
                str(row["rank"]),
                str(site_id),
                row["name"],
                f"{row['score']:.1f}",
                f"{row['score_high']:.1f}",
                f"{row['completeness']:.0%}",
            )
            table.add_row(*map(escape, cells))
    out.print(table)


@app.command("explain")
def explain_site(result: Path, site: str, *, as_json: Json = False, lang: Lang = None) -> None:
    """Say why SITE stands where it stands in RESULT, a file written by `planner rank`."""
    language, found = language_of(lang), read_result(result)
    explanation = explanations.explain(found, site, language)
    profile = found.about.scenario.profile
    if as_json:
        steps = [asdict(steps) for steps in said_steps(profile, language)]
        print_json({**asdict(explanation), "next_steps": steps})
        return
    out.print(f"[bold]{escape(explanation.headline)}[/bold]\n{escape(explanation.verdict)}")
    for sentence in explanation.gates:
        out.print(f"- {escape(sentence)}")
    table = Table("", "", "", "", "")
    for line in explanation.lines:
        points = "?" if line.points is None else f"{line.points:.1f}"
        table.add_row(
            *map(
                escape,
                (
                    line.title,
                    line.value,
                    f"{points} / {line.points_possible:.1f}",
                    "?" if line.median_points is None else f"{line.median_points:.1f}",
                    line.source,
                ),
            )
        )
    out.print(table)
    for sentence in explanation.facts:
        out.print(f"  {escape(sentence)}")
    _print_steps(profile, language)


def _print_steps(profile: str, language: Language) -> None:
    """The next steps towards each plan paper, and the rules on land with their stage."""
    t = translator(language)
    for found in said_steps(profile, language):
        out.print(f"\n[bold]{escape(found.title)}[/bold]")
        for number, step in enumerate(found.steps, 1):
            parts = [f"{number}. {step.text}", *([f"   {step.passed}"] if step.passed else []), f"   {step.note}"]
            out.print(escape("\n".join(parts)))
    out.print(f"\n[bold]{escape(t('Rules on industrial land'))}[/bold]")
    for rule in land_rules().values():
        out.print(escape("- {}\n  {}".format(*rule.said(language))))


@app.command("report")
def report(result: Path, *, to: Annotated[Path, typer.Option("--out", help="HTML file.")], lang: Lang = None) -> None:
    """Write RESULT as one HTML file with map, table and reasons that opens without a server."""
    write_report(read_result(result), to, language_of(lang))
    out.print(escape(str(to)))


@app.command("serve")
def serve(
    *,
    data_dir: DataDir = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A further name under which browsers reach the app, such as plan.example.jp; repeatable."),
    ] = None,
) -> None:
    """
    Start the app at 127.0.0.1:8501 (STREAMLIT_SERVER_PORT and STREAMLIT_SERVER_ADDRESS choose another port and address).

    It answers to localhost, to the address it listens on, and to the names given with --allow-host or, separated by
    commas, in PLANNER_HOSTS; to no other.
    """
    from ..ui.server import run  # noqa: PLC0415  (the command line does not load the app)

    sys.exit(run(data_dir, allow_host or ()))


def _rests_on_shipped(t: Translate) -> str:
    return t(
        "Layers called shipped are not pulled: the table of measurements that comes with the product stands for them. Run `planner data pull` to measure anew."
    )


def _scenario(profile: str | None, weights: str | None, path: Path | None, over: dict[str, Any]) -> Scenario:
    """The profile or file asked for, with candidates, places and demand of the command line over it."""
    if (profile is None) == (path is None):
        raise PlannerError("rank: expected either --profile ID or --scenario FILE. See `planner profiles`.")
    if weights is not None and (path is not None or weights not in get_args(Weighting)):
        raise PlannerError(
            "--weights {weights!r}: expected calibrated or assumed, with --profile (a file says it itself). Correct it.",
            weights=weights,
        )
    if path is None:
        asked = {
            "profile": str(profile),
            **{key: value for key, value in over.items() if value or key not in {"demand", "work"}},
        }
        return merged_scenario(asked | ({"weights": weights} if weights else {}), f"profile {profile}")
    base = load_scenario(path).model_dump(mode="json")
    merged = {
        "candidates": {**base["candidates"], **over["candidates"]},
        "places": [*base["places"], *over["places"]],
        **{part: {**(base[part] or {}), **over[part]} or None for part in ("demand", "work")},
    }
    return merged_scenario({**base, **merged}, str(path))


def _demand(demand_mw: float | None, by: int | None) -> dict[str, Any]:
    """What the command line says of the load."""
    return {name: value for name, value in (("connection_mw", demand_mw), ("by_year", by)) if value is not None}


def _work(size: str | None) -> dict[str, Any]:
    """What the command line says of the investment whose workers are sought."""
    return {} if size is None else dict(zip(("size", "unit"), read_size(size), strict=True))


def _candidate_options(
    candidates: str | None, prefectures: str | None, mesh: str | None, within: str | None
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if candidates is not None:
        if candidates not in _KINDS and not Path(candidates).suffix:
            raise PlannerError(
                "--candidates {candidates!r}: expected {known} or a file. Correct it.",
                candidates=candidates,
                known=", ".join(_KINDS),
            )
        options |= {"kind": candidates} if candidates in _KINDS else {"kind": "file", "path": candidates}
    if prefectures is not None:
        options["prefectures"] = () if prefectures == "all" else _codes(prefectures)
    if mesh is not None:
        options["mesh"] = mesh
    if within is not None:
        options["within"] = _circle(within)
    return options


def _codes(given: str) -> tuple[str, ...]:
    """Codes of prefectures; a labour block (KYS) stands for its own."""
    table = prefecture_table()
    of_block = {block: tuple(rows) for block, rows in table.groupby("block_code").groups.items()}
    parts = [part.strip() for part in given.split(",")]
    return tuple(dict.fromkeys(code for part in parts for code in of_block.get(part.upper(), (part,))))


def _circle(given: str) -> dict[str, float]:
    """A circle from its centre, in either order, and its radius."""
    try:
        first, second, radius_km = map(float, given.split(","))
    except ValueError as error:
        raise PlannerError(
            "--within {within!r}: expected LON,LAT,KM such as 139.77,35.68,100.", within=given
        ) from error
    lat, lon = in_order(first, second)
    return {"lon": lon, "lat": lat, "radius_km": radius_km}
