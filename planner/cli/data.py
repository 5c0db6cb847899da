"""Commands about layers."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from geodata import Layer, LayerLock, Layers, Store, coverage, imports
from geodata.catalogue import catalogue
from geodata.files.writing import replacing
from geodata.imports import KINDS, land, sampling
from geodata.store.fetch import MANIFEST
from geodata.store.joining import covered
from geodata.store.mirror import write_mirror

from ..errors import PlannerError
from ..explain.dates import dated
from ..i18n import Language, translator
from .common import DataDir, Json, Lang, app, bar, err, language_of, opened, out, print_json

data = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Layers: list, show, pull, check.")
app.add_typer(data, name="data")


@data.command("list")
def data_list(*, data_dir: DataDir = None, as_json: Json = False, lang: Lang = None) -> None:
    """List the layers: what is pulled, what is embedded, what is absent."""
    store, language = opened(data_dir), language_of(lang)
    rows = {id_: _state(store, id_) for id_ in store.specs}
    if as_json:
        print_json(rows)
        return
    table = Table("id", "title", "state", "rows", "date", "status", "inventory", "licence")
    for id_, row in rows.items():
        cells = (
            id_,
            store.spec(id_).title[language],
            row["origin"],
            str(row.get("rows", "")),
            dated(str(row.get("reference_date", "")), language),
            *(str(row.get(k, "")) for k in ("status", "inventory", "licence")),
        )
        table.add_row(*map(escape, cells))
    out.print(table)


@data.command("show")
def data_show(layer: str, *, data_dir: DataDir = None, as_json: Json = False, lang: Lang = None) -> None:
    """Show a layer: fields, passport, files and what was done to the publisher's rows."""
    store, language = opened(data_dir), language_of(lang)
    spec = store.spec(layer)
    held = store.layer(layer) if store.has(layer) else None
    if as_json:
        print_json({"spec": spec.model_dump(mode="json"), **_state(store, layer), "steps": _steps(held, language)})
        return
    out.print(f"[bold]{spec.id}[/bold]  {escape(spec.title[language])}")
    for key, value in _state(store, layer).items():
        out.print(f"  {key}: {escape(str(value))}")
    for name, field in spec.fields.items():
        out.print(f"  {name} ({field.dtype}{', ' + field.unit if field.unit else ''}): {escape(field.title[language])}")
    for file in spec.files:
        out.print(f"  file {escape(file.name)} {file.sha256[:12]} {escape(file.url or 'file-only')}")
    for step in _steps(held, language):
        out.print(f"  {step}")


@data.command("pull")
def data_pull(
    layers: Annotated[list[str] | None, typer.Argument(help="Layer ids; all when none is named.")] = None,
    *,
    mirror: Annotated[Path | None, typer.Option(help="Folder with MANIFEST.csv instead of the network.")] = None,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Fetch, verify and build layers. A pull killed at any moment leaves a store that works; run it again to go on."""
    language = language_of(lang)
    with bar() as shown:
        task = shown.add_task("", total=None)
        outcomes = opened(data_dir).pull(
            layers or (),
            mirror=mirror,
            progress=lambda id_, k, n: shown.update(task, total=n, completed=k, description=id_),
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
    out.print(f"{escape(str(to))}: {write_mirror(opened(data_dir), to)} files and {MANIFEST}")


@data.command("coverage")
def data_coverage(
    *,
    plants: Annotated[Path | None, typer.Option(help="Your own plants (template plants), counted besides.")] = None,
    totals: Annotated[Path | None, typer.Option(help="Your own totals (template capacity_totals).")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Compare the plant layer with national totals by technology: below 80 % a sum is a lower bound."""
    held = coverage.power_plants(opened(data_dir), plants=plants, totals=totals)
    if as_json:
        print_json(held.reset_index().to_dict("records"))
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


@data.command("kinds")
def data_kinds(*, as_json: Json = False, lang: Lang = None) -> None:
    """List the kinds of files that `check` and `import` read, with licence and traps."""
    language = language_of(lang)
    if as_json:
        rows = {
            id_: {
                "title": k.title.model_dump(),
                "suffixes": k.suffixes,
                "licence": k.licence,
                "redistributable": k.redistributable,
                "verified": k.verified,
                "template": k.template,
                "note": k.note.model_dump(),
            }
            for id_, k in KINDS.items()
        }
        print_json(rows)
        return
    table = Table("kind", "", "files", "licence", "redistributable", "template")
    for id_, kind in KINDS.items():
        cells = (
            id_,
            kind.title[language],
            " ".join(kind.suffixes),
            kind.licence,
            kind.redistributable,
            kind.template or "",
        )
        table.add_row(*map(escape, cells))
    out.print(table)


@data.command("check")
def data_check(
    file: Annotated[Path | None, typer.Argument(help="A file to check; without one, the stored layers.")] = None,
    *,
    kind: Annotated[str | None, typer.Option("--as", help="Kind of the file; see `planner data kinds`.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Check a file before importing it, row by row; without a file, verify stored files and layers."""
    store = opened(data_dir)
    if file is None:
        _check_store(store, as_json=as_json)
        return
    found = _read(file, kind, imports.Options(), store)
    _say(found, as_json=as_json, language=language_of(lang))


@data.command("import")
def data_import(  # noqa: PLR0913  (one parameter per option)
    file: Path,
    *,
    kind: Annotated[str, typer.Option("--as", help="Kind of the file; see `planner data kinds`.")],
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            help="Id of the new layer: small letters, digits, _. Zones of flood, tsunami and landslide have theirs.",
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title shown; default: that of the kind.")] = None,
    date: Annotated[str, typer.Option(help="Date of the data.")] = "not stated",
    covers: Annotated[str, typer.Option(help="Prefecture codes the file covers, such as 18,17.")] = "",
    complete: Annotated[bool, typer.Option("--complete", help="Nothing is missing where it covers.")] = False,
    licence: Annotated[str | None, typer.Option(help="Licence of this edition; default: that of the kind.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Bring a file in as a layer that criteria can use; its problems are listed row by row and nothing is half-stored."""
    store = opened(data_dir)
    codes = tuple(code.strip() for code in covers.split(",") if code.strip())
    id_ = layer or imports.kind_of(kind).fills
    if id_ is None:
        raise PlannerError("import: a file of this kind needs --layer ID. Choose small letters, digits and _.")
    options = imports.Options(id_, title, date, codes, complete, licence)
    found = _read(file, kind, options, store)
    before = covered(store.layer(id_).spec) if store.has(id_) else frozenset()
    kept = store.keep(found.layer)
    language = language_of(lang)
    _say(found, as_json=as_json, language=language)
    if as_json:
        return
    use = "use it in \\[own.*] of a scenario"
    if id_ in catalogue():
        t, now = translator(language), covered(kept.spec)
        gate = t("a gate of every profile, for the prefectures {known}", known=", ".join(sorted(now)))
        use = gate if kept.spec.geometry == "polygon" else t("criteria and the page Power read it")
        if before - now:
            gone = ", ".join(sorted(before - now))
            err.print(t("No longer covered, since the new file took the place of one that did: {known}.", known=gone))
    out.print(f"layer {id_}: {len(kept.frame):,} rows, version {kept.version}; {use}")


@data.command("sample")
def data_sample(
    service: Annotated[str, typer.Argument(help="jshis or gsi_elevation.")],
    *,
    layer: Annotated[str, typer.Option("--layer", help="Id of the new layer.")],
    prefectures: Annotated[str, typer.Option(help="Codes such as 18,17.")],
    data_dir: DataDir = None,
) -> None:
    """Ask a public service once per candidate site (spaced, cached) and keep the answers as a layer by 1 km cell."""
    store = opened(data_dir)
    codes = tuple(code.strip() for code in prefectures.split(","))
    with bar() as shown:
        task = shown.add_task(service, total=None)
        kept = sampling.sample(service, layer, store, codes, tell=lambda k, n: shown.update(task, completed=k, total=n))
    store.keep(kept)
    out.print(f"layer {layer}: {len(kept.frame):,} cells; use it with measure mesh_value")


@data.command("build")
def data_build(
    what: Annotated[str, typer.Argument(help="land.")],
    files: Annotated[list[Path], typer.Argument(help="Official zips: A09, A10, A12, A13, A16, A29, G04-a.")],
    *,
    prefectures: Annotated[str, typer.Option(help="Codes of the prefectures that the files cover, such as 43.")],
    date: Annotated[str, typer.Option(help="Date of the data.")] = "not stated",
    data_dir: DataDir = None,
) -> None:
    """Build the land of the 1 km cells from official zips that you hold, and say which columns they do not give."""
    if what != "land":
        raise PlannerError("build {what!r}: expected land. Nothing else is built.", what=what)
    store = Store(data_dir)
    codes = [code.strip() for code in prefectures.split(",")]
    built = land.build(files, codes, date, lambda id_: store.layer(id_) if store.has(id_) else None)
    if not built.layers:
        raise PlannerError(
            "build land: no layer follows from these files. A13 gives land use, A10 parks, G04-a terrain."
        )
    for layer in built.layers:
        store.replace(layer)
        id_, unknown = layer.spec.id, ", ".join(built.unknown[layer.spec.id]) or "none"
        out.print(f"layer {id_}: {len(layer.frame):,} cells, version {layer.version}; columns kept unknown: {unknown}")


def _read(file: Path, kind: str | None, options: imports.Options, store: Layers) -> imports.Imported:
    if kind is None:
        raise PlannerError("check: a file needs --as KIND. See `planner data kinds`.")
    return imports.read(
        file, kind, options, lambda id_: store.layer(id_) if store.has(id_) else None, japanese=translator("ja")
    )


def _say(found: imports.Imported, *, as_json: bool, language: Language) -> None:
    t = translator(language)
    if as_json:
        print_json(found.report.as_dict(t))
        return
    for sentence in found.report.sentences(t):
        out.print(f"- {escape(sentence)}")
    for name, field in found.layer.spec.fields.items():
        out.print(f"  {name} ({field.dtype}{', ' + field.unit if field.unit else ''}): {escape(field.title[language])}")


def _check_store(store: Store, *, as_json: bool) -> None:
    report = store.check()
    if as_json:
        print_json(report)
    else:
        for id_, found in report.items():
            out.print(f"{id_}: {escape('; '.join(found)) or 'ok'}")
        out.print("" if report else "nothing has been pulled; the embedded default is in use")
    if any(report.values()):
        raise PlannerError("some stored layers are damaged; pull them again.")


def _state(store: Layers, layer_id: str) -> dict[str, Any]:
    if not store.has(layer_id):
        return LayerLock.absent(layer_id, store.spec(layer_id).title).model_dump(exclude_unset=True)
    layer = store.layer(layer_id)
    note = layer.passport.inventory_note.model_dump()
    return {**layer.lock().model_dump(), "rows": len(layer.frame), "coverage": note, "retrieved_at": layer.retrieved_at}


def _steps(layer: Layer | None, language: Language) -> list[str]:
    return [f"{step.action} {step.count:,}: {step.note[language]}" for step in layer.steps] if layer else []
