"""Commands on plan papers: a new file, evidence from the layers, what is missing, and the paper."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from geodata import Layers
from geodata.files.writing import replacing

from ..context import plan_words
from ..context.area import area_of
from ..context.nextsteps import today_in_japan
from ..context.plan_evidence import filled
from ..errors import PlannerError
from ..fields.field import field_of
from ..i18n import Language, translator
from ..output import document
from ..output.plan_paper import plan_paper
from ..plans.check import check, late
from ..plans.plan import Plan, new_plan, read_plan, write_plan
from ..plans.requirements import KINDS, PlanKind
from .common import DataDir, Json, Lang, app, language_of, opened, out, print_json, print_table

plan_app = typer.Typer(no_args_is_help=True, help="Plan papers A, B, C and GX types 1 to 4: new, fill, check, export.")
app.add_typer(plan_app, name="plan")

File = Annotated[Path, typer.Argument(help="The plan's file (.plan.json).")]
Today = Annotated[
    str | None,
    typer.Option("--as-of", help="Day that lights and calls are told for, such as 2026-11-28; today by default."),
]
_WRITERS = {".pdf": "pdf", ".docx": "word", ".xlsx": "excel", ".json": "json"}


@plan_app.command("new")
def new(  # noqa: PLR0913  (one parameter per option)
    path: File,
    *,
    kind: Annotated[str, typer.Option(help="A, B, C, gx1, gx2, gx3 or gx4.")],
    region: Annotated[str, typer.Option(help="Block (plan A), prefectures or municipalities, joined by commas.")],
    title: Annotated[str, typer.Option(help="Title of the plan.")] = "",
    field: Annotated[str | None, typer.Option(help="Field by id, number (2 to 17) or name.")] = None,
    starts: Annotated[str | None, typer.Option(help="First day, such as 2027-04-01.")] = None,
    ends: Annotated[str | None, typer.Option(help="Last day.")] = None,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Write a plan with an empty answer to every item of its paper; a file that is there stays."""
    language, store = language_of(lang), opened(data_dir)
    if path.exists():
        raise PlannerError("{file}: it is there already and stays as it is. Name another file.", file=str(path))
    wanted, area = _kind(kind), area_of(store, region)
    named = None if field is None else field_of(field)
    plan = new_plan(
        wanted,
        title or " ".join(part for part in (area.title(language), named and named.title[language]) if part),
        field=named.id if named else "",
        block=area.block,
        prefectures=() if area.block or area.municipalities else area.prefectures,
        municipalities=area.municipalities,
        starts=starts,
        ends=ends,
    )
    write_plan(plan, path)
    out.print(escape(plan_words.headline(plan, language)))


@plan_app.command("fill")
def fill(path: File, *, as_of: Today = None, data_dir: DataDir = None, lang: Lang = None) -> None:
    """Draw the evidence of every item from the layers anew; texts, figures and statuses of the planner stay."""
    language, store = language_of(lang), opened(data_dir)
    plan = filled(store, read_plan(path), _day(as_of))
    write_plan(plan, path)
    t, n = translator(language), sum(len(answer.evidence) for answer in plan.answers.values())
    out.print(escape(t("{n} pieces of evidence stand in {file} now.", n=n, file=path.name)))


@plan_app.command("check")
def check_plan(path: File, *, as_of: Today = None, keep: Annotated[bool, typer.Option("--snapshot", help="Keep today's state in the file.")] = False, as_json: Json = False, lang: Lang = None) -> None:  # fmt: skip
    """Say which items of the paper are given, partly given or missing, what each lacks, and which figures are behind."""
    language, plan, day = language_of(lang), read_plan(path), _day(as_of)
    if keep:
        plan = plan.snapshot(day)
        write_plan(plan, path)
    if as_json:
        print_json(_as_json(plan, day))
        return
    t = translator(language)
    out.print(f"[bold]{escape(plan_words.headline(plan, language))}[/bold]")
    table = plan_words.checklist(plan, language)
    print_table(t("Checklist"), table.iloc[:, [0, 1, 3, 4, 5]])
    print_table(t("Figures to watch"), plan_words.kpi_table(plan, day, language))
    for name in late(plan, day):
        out.print(escape(t("Far behind: {name}", name=name)))


@plan_app.command("export")
def export(  # noqa: PLR0913  (one parameter per option)
    path: File,
    *,
    to: Annotated[Path, typer.Option(help=".pdf, .docx, .xlsx, or .json (the plan's file).")],
    public: Annotated[
        bool, typer.Option("--public", help="Leave out what is private: texts, partners, names of investing firms.")
    ] = False,
    as_of: Today = None,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Write the plan as PDF, Word, Excel or as its file, whole or for publication."""
    language, plan, day = language_of(lang), read_plan(path), _day(as_of)
    form = _WRITERS.get(to.suffix.lower())
    if form is None:
        raise PlannerError("{file}: expected .pdf, .docx, .xlsx or .json. Name one of these.", file=to.name)
    if form == "json":
        write_plan(plan.redacted() if public else plan, to)
    else:
        raw = _paper(plan, form, opened(data_dir), language, day, public=public)
        with replacing(to) as temporary:
            temporary.write_bytes(raw)
    out.print(escape(str(to)))


def _paper(plan: Plan, form: str, layers: Layers, language: Language, day: date, *, public: bool) -> bytes:  # noqa: PLR0913  (what a paper is made of)
    """The paper in one of the forms."""
    paper = plan_paper(layers, plan, language, day, public=public)
    if form == "pdf":
        return document.pdf(paper, language)
    return document.word(paper) if form == "word" else document.excel(paper)


def _as_json(plan: Plan, day: date) -> dict[str, object]:
    return {
        "kind": plan.kind,
        "title": plan.title,
        "as_of": str(day),
        "share_given": plan_words.share(plan),
        "items": [
            {"id": one.item.id, "standing": one.standing, "status": one.status, "lacking": list(one.lacking)}
            for one in check(plan)
        ],
        "kpis": [{"id": kpi.id, "light": kpi.light(day), "due": kpi.due(day)} for kpi in plan.kpis],
    }


def _kind(text: str) -> PlanKind:
    found = next((kind for kind in KINDS if kind.lower() == text.strip().lower()), None)
    if found is None:
        raise PlannerError("--kind {kind!r}: expected one of {known}.", kind=text, known=", ".join(KINDS))
    return found


def _day(text: str | None) -> date:
    if text is None:
        return today_in_japan()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError as error:
        raise PlannerError("--as-of {day!r}: expected a day such as 2026-11-28. Correct it.", day=text) from error
