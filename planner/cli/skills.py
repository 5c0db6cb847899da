"""The command that answers what an investment would ask of people at one place."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from geodata import Layers
from geodata.files.writing import replacing

from ..context import behind, mismatch_words, moves_words, skills_json
from ..context import skills_words as words
from ..context.place import place_at, place_of
from ..context.skills import SkillsAnswer, Spot, skills_answer, spot_of, town_of
from ..errors import PlannerError, refusal
from ..i18n import Language, translator
from ..measure.candidates import CandidateChoice, load_candidates
from ..output.papers.brief import brief_pdf
from ..skills.industries import industry_of
from ..skills.moves import read_table
from ..skills.work import Work, read_size
from .common import DataDir, Json, Lang, app, degrees_of, language_of, opened, out, print_json, print_table


@app.command("skills")
def skills(  # noqa: PLR0913  (one parameter per option)
    *,
    site: Annotated[
        str, typer.Option(help="LAT,LON (or LON,LAT), the id of a listed site, or a municipality by code or name.")
    ],
    field: Annotated[str, typer.Option(help="Industry, or the id of a profile with or without field-.")],
    size: Annotated[
        str | None,
        typer.Option(help="Such as '300 MW', '1,700 jobs', '20 GWh', '30000 m2', '50 億円'; absent: the usual size."),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year of the people, 2020 to 2050.")] = None,
    minutes: Annotated[float, typer.Option(help="Longest way to work by car, 10 to 55 minutes.")] = 45.0,
    seats: Annotated[
        list[str] | None, typer.Option(help="LEVEL=N: seats a year opened for this work, such as kosen=40.")
    ] = None,
    transfers: Annotated[
        list[str] | None, typer.Option(help="OCCUPATION=N: people retrained or moved in, such as production=100.")
    ] = None,
    foreign: Annotated[
        list[str] | None, typer.Option(help="OCCUPATION=N: workers from abroad, your own number.")
    ] = None,
    remote: Annotated[
        float, typer.Option(min=0, max=1, help="Share of professional and clerical work done from elsewhere.")
    ] = 0.0,
    occupations: Annotated[
        Path | None, typer.Option(help="CSV of occupations, classes and levels of skill in place of ours.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the brief for the regional council on talent.")] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Say who an investment needs, who lives within reach, who is missing, how long schools take, and what answers the gap."""
    language, store = language_of(lang), opened(data_dir)
    work = _work(
        field,
        size,
        {"minutes": minutes, "remote": remote} | ({} if year is None else {"year": year}),
        {"seats": seats, "transfers": transfers, "foreign": foreign},
    )
    answer = skills_answer(store, _spot(site, store), work, None if occupations is None else read_table(occupations))
    if pdf is not None:
        with replacing(pdf) as temporary:
            temporary.write_bytes(brief_pdf(answer, language))
    if as_json:
        print_json(skills_json.as_json(answer))
        return
    _print(answer, language)


def _print(answer: SkillsAnswer, language: Language) -> None:
    """The answer on the standard output."""
    t = translator(language)
    out.print(f"[bold]{escape(words.headline(answer, language))}[/bold]")
    for sentence in (words.pressure_said(answer, language), *words.cautions(answer, language)):
        out.print(escape(sentence))
    if len(answer.planned):
        out.print(escape(words.planned_said(answer, language)))
    for title, table in (
        (t("Workers by occupation"), words.need_table(answer, language)),
        (t("Workers by education"), words.education_table(answer, language)),
        (t("Within reach"), words.supply_table(answer, language)),
        (t("Schools"), words.schools_table(answer, language).head(15)),
        (t("Who else could do the work"), moves_words.moves_table(answer, language)),
        (t("Which course opens most"), moves_words.courses_table(answer, language)),
        (t("From clerical work to where people are short"), moves_words.routes_table(answer, language)),
        (t("Instruments for what is short"), words.instruments_table(answer, language)),
        (t("Workers per size"), words.rates_table(answer, language)),
        (t("Layers behind this answer"), behind.layers_table(answer.locks, language)),
    ):
        print_table(title, table)
    for sentence in mismatch_words.mismatch_notes(answer, language):
        out.print(escape(sentence))


def _spot(site: str, store: Layers) -> Spot:
    """Two degrees in either order, the id of a listed site, or a municipality."""
    degrees = degrees_of(site)
    if degrees is not None:
        return spot_of(place_at(store, *degrees))
    listed = load_candidates(CandidateChoice(kind="sites"), store).table.index
    return spot_of(place_of(store, site)) if site in listed else town_of(store, site)


def _work(field: str, size: str | None, plain: dict[str, float], lists: dict[str, list[str] | None]) -> Work:
    kind = industry_of(field)
    amount, unit = (kind.default.size, kind.default.unit) if size is None else read_size(size)
    amounts = {name: dict(_pair(name, one) for one in held or []) for name, held in lists.items()}
    try:
        return Work.model_validate({"industry": kind.id, "size": amount, "unit": unit, **plain, **amounts})
    except ValidationError as error:
        where, why, found = refusal(error)
        option, shown = (where.split(".")[0], found) if where else ("size", repr(size))
        raise PlannerError(
            "--{option}: {why} (found {found}). Correct it.", option=option, why=why, found=shown
        ) from error


def _pair(option: str, text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError as error:
        raise PlannerError(
            "--{option} {given!r}: expected NAME=NUMBER, such as kosen=40. Correct it.", option=option, given=text
        ) from error
