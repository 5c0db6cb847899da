"""The `planner` command."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from geodata import GeodataError, Layer, Store, coverage
from geodata.fetch import MANIFEST, replacing
from geodata.mirror import write_mirror

from . import explain as explanations
from .criteria import BRANCHES, criteria
from .engine import evaluate
from .errors import PlannerError
from .export import read_result, write
from .i18n import LANGUAGES, Language
from .profiles import profiles
from .report import write_report
from .scenario import Scenario, load_scenario, merged_scenario, scenario_from_profile

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Screen and rank sites for regional industrial clusters."
)
data = typer.Typer(no_args_is_help=True, help="Layers: list, show, pull, check.")
app.add_typer(data, name="data")

_PIPE_WIDTH = 200
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
err = Console(stderr=True, soft_wrap=True)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Data directory; default: $PLANNER_DATA_DIR or the user's.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[str, typer.Option("--lang", help="ja or en.")]

_KINDS = ("mesh", "municipalities", "sites")


@app.command("profiles")
def list_profiles(*, as_json: Json = False, lang: Lang = "ja") -> None:
    """List the profiles: what they ask, their weights and gates."""
    whole = {id_: scenario_from_profile(id_).model_dump(mode="json", exclude={"candidates"}) for id_ in profiles()}
    if as_json:
        _print_json(whole)
        return
    language = _language(lang)
    for id_, profile in whole.items():
        out.print(
            f"[bold]{id_}[/bold]  {escape(profile['title'][language])}\n  {escape(profile['question'][language])}"
        )
        shares = ", ".join(
            f"{BRANCHES[b][language]} {v['weight']:g} ({v['basis']})" for b, v in profile["branches"].items()
        )
        out.print(f"  {escape(shares)}")
        out.print(f"  {escape(profile['asks'][language])}\n  {escape(profile['measures'][language])}")
        for gate in profile["gates"].values():
            out.print(f"  gate: {escape(gate['title'][language])} ({gate['basis']}: {escape(gate['source'] or '')})")


@app.command("criteria")
def list_criteria(*, as_json: Json = False, lang: Lang = "ja") -> None:
    """List the criteria: unit, layers, reach, why and what they do not say."""
    if as_json:
        _print_json({id_: criterion.model_dump(mode="json") for id_, criterion in criteria().items()})
        return
    language = _language(lang)
    table = Table("id", "branch", "title", "unit", "layers", "reach", "why")
    for id_, c in criteria().items():
        reach = f"{c.reach_m / 1000:g} km" if c.reach_m else ""
        cells = (
            id_,
            BRANCHES[c.branch][language],
            c.title[language],
            c.unit,
            ", ".join(c.layers),
            reach,
            c.why[language],
        )
        table.add_row(*map(escape, cells))
    out.print(table)


@app.command("rank")
def rank_sites(  # noqa: PLR0913  (one parameter per option)
    *,
    to: Annotated[Path, typer.Option("--out", help="Result file: .geojson, .parquet, .gpkg, .csv or .xlsx.")],
    profile: Annotated[str | None, typer.Option(help="Profile id; see `planner profiles`.")] = None,
    scenario: Annotated[Path | None, typer.Option(help="Scenario file (TOML) instead of a profile.")] = None,
    candidates: Annotated[str | None, typer.Option(help="mesh, municipalities, sites or a file.")] = None,
    prefectures: Annotated[str | None, typer.Option(help="Codes such as 01,02, or all.")] = None,
    mesh: Annotated[str | None, typer.Option(help="1km or 500m.")] = None,
    within: Annotated[str | None, typer.Option(help="LON,LAT,KM: only candidates in this circle.")] = None,
    data_dir: DataDir = None,
    lang: Lang = "ja",
) -> None:
    """Measure, screen, score and rank candidates; write every site with its reasons."""
    language = _language(lang)
    asked = _scenario(profile, scenario, _candidate_options(candidates, prefectures, mesh, within))
    store = Store(data_dir)
    with _bar() as bar:
        task = bar.add_task("", total=1.0)
        evaluation = evaluate(
            asked, store, progress=lambda stage, share: bar.update(task, completed=share, description=stage)
        )
        bar.update(task, description=str(to.name))
        write(evaluation, to, language)
    counts = evaluation.ranking.status.value_counts()
    print_counts = ", ".join(f"{counts.get(s, 0):,} {s}" for s in ("ranked", "not_ranked", "excluded"))
    out.print(f"{escape(str(to))}: {print_counts}; scenario {asked.digest()[:12]}")
    for lock in evaluation.measurements.layers:
        if lock["origin"] in {"embedded", "absent"} and store.spec(lock["id"]).connector:
            err.print(f"layer {lock['id']}: {lock['origin']} (planner data pull {lock['id']})")
    table = Table("rank", "site_id", "name", "score", "high", "known")
    for site_id, row in evaluation.result().table.head(10).iterrows():
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
    out.print(table if language else "")


@app.command("explain")
def explain_site(result: Path, site: str, *, as_json: Json = False, lang: Lang = "ja") -> None:
    """Say why SITE stands where it stands in RESULT, a file written by `planner rank`."""
    explanation = explanations.explain(read_result(result), site, _language(lang))
    if as_json:
        _print_json(asdict(explanation))
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


@app.command("report")
def report(result: Path, *, to: Annotated[Path, typer.Option("--out", help="HTML file.")], lang: Lang = "ja") -> None:
    """Write RESULT as one HTML file with map, table and reasons that opens without a server."""
    write_report(read_result(result), to, _language(lang))
    out.print(escape(str(to)))


@app.command("serve")
def serve(*, data_dir: DataDir = None) -> None:
    """Start the app at 127.0.0.1:8501 (STREAMLIT_SERVER_PORT chooses another port)."""
    from .ui.server import run  # noqa: PLC0415  (the command line does not load the app)

    sys.exit(run(data_dir))


@data.command("list")
def data_list(*, data_dir: DataDir = None, as_json: Json = False, lang: Lang = "ja") -> None:
    """List the layers: what is pulled, what is embedded, what is absent."""
    store, language = Store(data_dir), _language(lang)
    rows = {id_: _state(store, id_) for id_ in store.specs}
    if as_json:
        _print_json(rows)
        return
    table = Table("id", "title", "state", "rows", "date", "status", "inventory", "licence")
    for id_, row in rows.items():
        cells = (
            id_,
            store.spec(id_).title[language],
            row["origin"],
            str(row.get("rows", "")),
            *(str(row.get(k, "")) for k in ("reference_date", "status", "inventory", "licence")),
        )
        table.add_row(*map(escape, cells))
    out.print(table)


@data.command("show")
def data_show(layer: str, *, data_dir: DataDir = None, as_json: Json = False, lang: Lang = "ja") -> None:
    """Show a layer: fields, passport, files and what was done to the publisher's rows."""
    store, language = Store(data_dir), _language(lang)
    spec = store.spec(layer)
    opened = store.layer(layer) if store.has(layer) else None
    if as_json:
        _print_json({"spec": spec.model_dump(mode="json"), **_state(store, layer), "steps": _steps(opened, language)})
        return
    out.print(f"[bold]{spec.id}[/bold]  {escape(spec.title[language])}")
    for key, value in _state(store, layer).items():
        out.print(f"  {key}: {escape(str(value))}")
    for name, field in spec.fields.items():
        out.print(f"  {name} ({field.dtype}{', ' + field.unit if field.unit else ''}): {escape(field.title[language])}")
    for file in spec.files:
        out.print(f"  file {escape(file.name)} {file.sha256[:12]} {escape(file.url or 'file-only')}")
    for step in _steps(opened, language):
        out.print(f"  {step}")


@data.command("pull")
def data_pull(
    layers: Annotated[list[str] | None, typer.Argument(help="Layer ids; all when none is named.")] = None,
    *,
    mirror: Annotated[Path | None, typer.Option(help="Folder with MANIFEST.csv instead of the network.")] = None,
    data_dir: DataDir = None,
    lang: Lang = "ja",
) -> None:
    """Fetch, verify and build layers. A pull killed at any moment leaves a store that works; run it again to go on."""
    language = _language(lang)
    with _bar() as bar:
        task = bar.add_task("", total=None)
        outcomes = Store(data_dir).pull(
            layers or (),
            mirror=mirror,
            progress=lambda id_, k, n: bar.update(task, total=n, completed=k, description=id_),
        )
    for outcome in outcomes:
        out.print(f"{outcome.layer_id}: {outcome.outcome} ({escape(outcome.message)})")
        for step in outcome.steps:
            out.print(f"  {step.action} {step.count:,}: {escape(step.note[language])}")
    if any(outcome.outcome == "unavailable" for outcome in outcomes):
        raise PlannerError("some layers could not be pulled; the reasons stand above and the others are in place.")


@data.command("mirror")
def data_mirror(
    *, to: Annotated[Path, typer.Option("--out", help="Folder to write.")], data_dir: DataDir = None
) -> None:
    """Write the pulled files to a folder that another machine can pull from with --mirror."""
    out.print(f"{escape(str(to))}: {write_mirror(Store(data_dir), to)} files and {MANIFEST}")


@data.command("coverage")
def data_coverage(
    *,
    plants: Annotated[Path | None, typer.Option(help="Your own plants (template plants), counted besides.")] = None,
    totals: Annotated[Path | None, typer.Option(help="Your own totals (template capacity_totals).")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Compare the plant layer with national totals by technology: below 80 % a sum is a lower bound."""
    held = coverage.power_plants(Store(data_dir), plants=plants, totals=totals)
    if as_json:
        _print_json(held.reset_index().to_dict("records"))
        return
    table = Table("technology", "held MW", "national MW", "share", "", "definition", "as of", "source")
    for technology, row in held.iterrows():
        verdict = "complete enough" if row["enough"] else "lower bound"
        figures = (f"{row['held_mw']:,.0f}", f"{row['total_mw']:,.0f}", f"{row['share']:.0%}", verdict)
        table.add_row(*map(escape, (str(technology), *figures, *map(str, row[["definition", "as_of", "source_url"]]))))
    out.print(table)


@data.command("template")
def data_template(name: str, *, to: Annotated[Path, typer.Option("--out", help="CSV file to write.")]) -> None:
    """Write an empty table to fill in: plants or capacity_totals."""
    with replacing(to) as temporary:
        temporary.write_text(coverage.template(name), "utf-8-sig")
    out.print(f"{escape(str(to))}: {coverage.TEMPLATES[name]}")


@data.command("check")
def data_check(*, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Verify stored files and layers."""
    report = Store(data_dir).check()
    if as_json:
        _print_json(report)
    else:
        for id_, found in report.items():
            out.print(f"{id_}: {escape('; '.join(found)) or 'ok'}")
        out.print("" if report else "nothing has been pulled; the embedded default is in use")
    if any(report.values()):
        raise PlannerError("some stored layers are damaged; pull them again.")


def main() -> None:
    """Entry point: every expected failure is one sentence and exit code 2."""
    try:
        app()
    except (PlannerError, GeodataError) as error:
        err.print(f"planner: {escape(str(error))}", style="red")
        sys.exit(2)


def _scenario(profile: str | None, path: Path | None, options: dict[str, Any]) -> Scenario:
    if (profile is None) == (path is None):
        raise PlannerError("rank: expected either --profile ID or --scenario FILE. See `planner profiles`.")
    if path is None:
        return scenario_from_profile(str(profile), **options)
    base = load_scenario(path).model_dump(mode="json")
    return merged_scenario({**base, "candidates": {**base["candidates"], **options}}, str(path))


def _candidate_options(
    candidates: str | None, prefectures: str | None, mesh: str | None, within: str | None
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if candidates is not None:
        if candidates not in _KINDS and not Path(candidates).suffix:
            raise PlannerError(f"--candidates {candidates!r}: expected {', '.join(_KINDS)} or a file. Correct it.")
        options |= {"kind": candidates} if candidates in _KINDS else {"kind": "file", "path": candidates}
    if prefectures is not None:
        options["prefectures"] = () if prefectures == "all" else tuple(code.strip() for code in prefectures.split(","))
    if mesh is not None:
        options["mesh"] = mesh
    if within is not None:
        numbers = within.split(",")
        if len(numbers) != len(("lon", "lat", "km")):
            raise PlannerError(f"--within {within!r}: expected LON,LAT,KM such as 139.77,35.68,100.")
        options["within"] = dict(zip(("lon", "lat", "radius_km"), numbers, strict=True))
    return options


def _language(lang: str) -> Language:
    for language in LANGUAGES:
        if lang == language:
            return language
    raise PlannerError(f"--lang {lang!r}: expected one of {', '.join(LANGUAGES)}.")


def _state(store: Store, layer_id: str) -> dict[str, Any]:
    if not store.has(layer_id):
        return {"id": layer_id, "origin": "absent"}
    layer = store.layer(layer_id)
    note = layer.passport.inventory_note.model_dump()
    return {**layer.lock(), "rows": len(layer.frame), "coverage": note, "retrieved_at": layer.retrieved_at}


def _steps(layer: Layer | None, language: Language) -> list[str]:
    return [f"{step.action} {step.count:,}: {step.note[language]}" for step in layer.steps] if layer else []


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True)
