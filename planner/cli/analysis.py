"""Commands that analyse a result of `planner rank`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from pydantic import BaseModel, ValidationError
from rich.markup import escape
from rich.table import Table

from geodata.errors import GeodataError
from geodata.files.documents import read_toml
from geodata.files.tables import check_csv

from .. import analyses
from ..analyses.analysis import AnalysisSpec, Choices
from ..analyses.validate import rivals
from ..calibration import calibrate as fitted
from ..decision.portfolio import PortfolioChoice
from ..decision.robustness import RobustnessChoice
from ..decision.weights import CONSISTENT, ahp_weights, swing_weights
from ..errors import PlannerError, refusal
from ..explain.calibration import told
from ..i18n import Language
from ..measure.choices import field_title, known_choices, read_choices
from ..model.calibration import Calibration
from ..model.result import Result
from ..output.files import read_result, write_analysis, write_scenario
from .common import DataDir, Json, Lang, app, bar, language_of, opened, out, print_json

To = Annotated[Path | None, typer.Option("--out", help="File: .csv, .xlsx, .parquet, .gpkg or .geojson.")]
ChoicesFile = Annotated[
    Path | None,
    typer.Option("--choices", help="Real choices (CSV, Excel, GeoJSON, …); default: the product's own list."),
]
_RIVALS = 12
ResultFile = Annotated[Path, typer.Argument(help="A file written by `planner rank`.")]
Top = Annotated[int | None, typer.Option("--top", help="k of the top k; default: the scenario's.")]


@app.command("breakeven")
def breakeven(  # noqa: PLR0913  (one parameter per option)
    result: ResultFile, site: str, *, top: Top = None, to: To = None, as_json: Json = False, lang: Lang = None
) -> None:
    """The smallest single change that moves SITE into or out of the top k."""
    read = read_result(result)
    with _named_options():
        k = RobustnessChoice.model_validate(read.about.scenario.robustness | ({} if top is None else {"top": top})).top
    _show_and_write(analyses.breakeven(read, site, k, language_of(lang)), read, to, as_json=as_json, lang=lang)


@app.command("portfolio")
def portfolio(  # noqa: PLR0913  (one parameter per option)
    result: ResultFile,
    *,
    k: Annotated[int | None, typer.Option("--k", help="How many sites.")] = None,
    spacing_km: Annotated[float | None, typer.Option(help="Least distance between two sites.")] = None,
    budget: Annotated[float | None, typer.Option(help="Most the costs may add up to; needs --costs.")] = None,
    costs: Annotated[Path | None, typer.Option(help="CSV with site_id and cost.")] = None,
    at_least: Annotated[list[str] | None, typer.Option("--min", help="BLOCK=N, repeated.")] = None,
    max_per_block: Annotated[int | None, typer.Option(help="Most sites of one labour block.")] = None,
    to: To = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Choose k sites together, with a proof or the gap."""
    read = read_result(result)
    options = {
        "k": k,
        "spacing_km": spacing_km,
        "budget": budget,
        "min_per_block": dict(_block_minimum(text) for text in at_least or ()) or None,
        "max_per_block": max_per_block,
    }
    cost = analyses.read_costs(_csv(costs), str(costs)) if costs else None
    with _named_options():
        choice = PortfolioChoice.model_validate({name: value for name, value in options.items() if value is not None})
    found = analyses.portfolio(read, choice, language_of(lang), cost)
    _show_and_write(found, read, to, as_json=as_json, lang=lang)


@app.command("compare")
def compare(a: ResultFile, b: ResultFile, *, to: To = None, as_json: Json = False, lang: Lang = None) -> None:
    """Two results side by side: who moved, by how much, and why."""
    new = read_result(b)
    _show_and_write(analyses.compare(read_result(a), new, language_of(lang)), new, to, as_json=as_json, lang=lang)


@app.command("validate")
def validate(  # noqa: PLR0913  (one parameter per option)
    result: ResultFile,
    *,
    choices: ChoicesFile = None,
    seed: Annotated[int | None, typer.Option(help="Of the random places.")] = None,
    to: To = None,
    data_dir: DataDir = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Where real choices stand in RESULT, beside every single criterion and equal weights."""
    read, store = read_result(result), opened(data_dir)
    real = known_choices(store) if choices is None else read_choices(choices, store)
    found = analyses.validate(read, real, language_of(lang), seed)
    _show_and_write(found, read, to, as_json=as_json, lang=lang)
    if not as_json:
        _show_rivals(found, read, language_of(lang))


def _show_rivals(found: analyses.Analysis, result: Result, language: Language) -> None:
    """The profile beside the criteria that do best alone, on its own fields."""
    words = analyses.Words(result, language)
    for field, rows in rivals(found.facts["figures"], found.facts["judged_by"]).items():
        table = Table(field_title(field, language), "n", "median", "top 5 %", "area", "90 %")
        for row in rows[:_RIVALS]:
            figures = (f"{row['n']}", f"{row['median']:.2f}", f"{row['top']:.0%}", f"{row['area']:.2f}")
            between = "{:.2f}-{:.2f}".format(*row["area_interval"])
            table.add_row(*map(escape, (words.title(row["rival"]), *figures, between)))
        out.print(table)


@app.command("calibrate")
def calibrate(  # noqa: PLR0913  (one parameter per option)
    *,
    profile: Annotated[str, typer.Option(help="Profile id; see `planner profiles`.")],
    to: Annotated[Path, typer.Option("--out", help="Scenario file (.toml).")],
    choices: ChoicesFile = None,
    background: Annotated[int | None, typer.Option(min=100, help="Random cells of the likelihood.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the random cells and of the choices drawn again.")] = None,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Which weights of PROFILE would make real choices stand high? Written as a scenario, with how far that holds."""
    language, store = language_of(lang), opened(data_dir)
    if to.suffix != ".toml":
        raise PlannerError("--out {path}: expected a name ending in .toml. Correct it.", path=to)
    real = known_choices(store) if choices is None else read_choices(choices, store)
    with bar() as shown:
        task = shown.add_task("", total=1.0)
        table = fitted(
            profile,
            real,
            store,
            background=background,
            seed=seed,
            progress=lambda stage, share: shown.update(task, completed=share, description=stage),
        )
    write_scenario(table, to)
    made = Calibration.model_validate(table["calibration"])
    for sentence in told(made, language):
        out.print(f"- {escape(sentence)}")
    out.print(escape(str(to)))


@app.command("weights")
def weights(
    judgements: Annotated[Path, typer.Argument(help="TOML with [swing] or [ahp].")], *, as_json: Json = False
) -> None:
    """
    Turn judgements into weights.

    [swing] gives points per branch (100 for the largest swing); [ahp] gives times per pair: "grid/power" = 3.
    """
    try:
        table = read_toml(judgements)
    except GeodataError as error:
        raise PlannerError(
            "{judgements}: expected TOML with [swing] or [ahp], found {error}. Correct it.",
            judgements=judgements,
            error=error,
        ) from error
    try:
        found = _weights_from(table, judgements)
    except (TypeError, ValueError) as error:
        raise PlannerError(
            "{judgements}: expected a number for each entry, found another ({error}). Correct it.",
            judgements=judgements,
            error=error,
        ) from error
    if as_json:
        print_json(found)
        return
    for name, weight in found["weights"].items():
        out.print(f"{escape(name)}: {100 * weight:.1f}")
    if "consistency_ratio" in found:
        verdict = "consistent enough" if found["consistency_ratio"] <= CONSISTENT else "not consistent: ask again"
        out.print(f"consistency ratio {found['consistency_ratio']:.3f} ({verdict}; accepted up to {CONSISTENT})")
    if found.get("worst"):
        first, second, given, fitting = found["worst"]
        out.print(
            f"the judgement that hurts most: {escape(first)}/{escape(second)} = {given:.2f}; {fitting:.2f} would fit"
        )


def _weights_from(table: dict[str, Any], path: Path) -> dict[str, Any]:
    swing, ahp = table.get("swing"), table.get("ahp")
    if isinstance(swing, dict) and ahp is None:
        return {"weights": swing_weights(swing).to_dict()}
    if not isinstance(ahp, dict) or swing is not None:
        raise PlannerError(
            "{path}: expected either a table [swing] or a table [ahp]. See docs/robustness.md.", path=path
        )
    pairs = {tuple(pair.split("/", 1)): float(times) for pair, times in ahp.items()}
    bad = [pair for pair in pairs if len(pair) != len(("first", "second"))]
    if bad:
        raise PlannerError(
            '{path}: {bad!r}: expected a pair such as "grid/power" = 3. Correct it.', path=path, bad=bad[0][0]
        )
    if not pairs or len({frozenset(pair) for pair in pairs}) < len(pairs):
        raise PlannerError("{path}: expected every pair of [ahp] once, found none or one twice. Correct it.", path=path)
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    judged = ahp_weights(names, pairs)
    return {
        "weights": judged.weights.to_dict(),
        "consistency_ratio": judged.consistency_ratio,
        "worst": judged.worst,
    }


def _command(spec: AnalysisSpec, choices: Choices) -> Callable[..., None]:
    """The command of an analysis: RESULT, an option for each setting named, and where and how to answer."""

    def run(result: Path, *, to: Path | None, as_json: bool, lang: str | None, **options: object) -> None:
        read = read_result(result)
        with _named_options():
            choice = choices.of(read, options)
        _show_and_write(choices.run(read, choice, language_of(lang)), read, to, as_json=as_json, lang=lang)

    kinds: dict[str, Any] = {name: _option(choices.model, name, text) for name, text in choices.options.items()}
    kinds |= {"to": To, "as_json": Json, "lang": Lang}
    keyword = Parameter.KEYWORD_ONLY
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("result", Parameter.POSITIONAL_OR_KEYWORD, annotation=ResultFile),
            *(Parameter(n, keyword, default=False if n == "as_json" else None, annotation=k) for n, k in kinds.items()),
        ]
    )
    run.__annotations__ = {"result": ResultFile, **kinds}
    run.__doc__ = spec.help
    return run


def _option(model: type[BaseModel], name: str, text: str) -> Any:
    """An option for a field: its number or its truth, else text that the model checks."""
    kind = model.model_fields[name].annotation
    option = f"--{name.replace('_', '-')}"
    if kind is bool:
        return Annotated[bool | None, typer.Option(f"{option}/--no-{name.replace('_', '-')}", help=text)]
    return Annotated[(kind if kind in {int, float} else str) | None, typer.Option(option, help=text)]


for _id, _spec in analyses.SPECS.items():
    if _spec.choices is not None:
        app.command(_id)(_command(_spec, _spec.choices))


@contextmanager
def _named_options() -> Iterator[None]:
    """Tell what a setting does not fit by the option's name."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise PlannerError(
            "{option}: {first} (found {value!r}). Correct it.",
            option=option,
            first=refusal(error)[1],
            value=first.get("input"),
        ) from error


def _block_minimum(text: str) -> tuple[str, int]:
    block, _, number = text.partition("=")
    if not number.isdecimal():
        raise PlannerError("--min {text_2!r}: expected BLOCK=N such as HKD=1. Correct it.", text_2=text)
    return block, int(number)


def _csv(path: Path) -> pd.DataFrame:
    try:
        check_csv(path)
        return pd.read_csv(path, dtype={"site_id": "str"}, encoding="utf-8-sig")
    except GeodataError as error:
        raise PlannerError("{error}", error=error) from error
    except (OSError, ValueError) as error:
        raise PlannerError(
            "{path}: expected a CSV in UTF-8 with site_id and cost ({error}). Correct it.", path=path, error=error
        ) from error


def _show_and_write(
    found: analyses.Analysis, result: Result, to: Path | None, *, as_json: bool, lang: str | None
) -> None:
    """Sentences and the head of the table on the screen, everything in the file."""
    if to is not None:
        write_analysis(found, result, to, language_of(lang))
    if as_json:
        rows = found.table.reset_index().to_json(orient="records", force_ascii=False, double_precision=12)
        print_json({**found.metadata(), "rows": json.loads(rows)})
        return
    for sentence in found.sentences:
        out.print(f"- {escape(sentence)}")
    shown = found.table.reset_index().iloc[:10, :9]
    table = Table(*map(str, shown.columns))
    for row in shown.itertuples(index=False):
        table.add_row(*(escape(f"{cell:.3g}" if isinstance(cell, float) else str(cell)) for cell in row))
    out.print(table)
    if to is not None:
        out.print(escape(str(to)))
