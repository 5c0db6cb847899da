"""The command that tells what an area already does in a field."""

from typing import Annotated

import typer
from rich.markup import escape

from ..context import behind, field_facts, field_json
from ..context import field_words as words
from ..context.area import area_of
from ..context.field_cluster import FieldAnswer, field_answer
from ..fields.field import field_of
from ..i18n import Language, translator
from .common import DataDir, Json, Lang, app, language_of, opened, out, print_json, print_table


@app.command("field-cluster")
def field_cluster(  # noqa: PLR0913  (one parameter per option)
    *,
    field: Annotated[str, typer.Option(help="Field by id, number (2 to 17) or name, such as shipbuilding or 造船.")],
    region: Annotated[
        str, typer.Option(help="Block (KYS), prefectures or municipalities by code or name, joined by commas.")
    ],
    amount: Annotated[
        float | None, typer.Option(min=0, help="Final demand that sets the ripple going, in 100m yen (億円).")
    ] = None,
    sector: Annotated[
        str | None, typer.Option(help="Sector of the imported input-output table that it goes to.")
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Say what an area already does in a strategic field: firms, stages, specialisation, dependence, needs and ripple."""
    language, store = language_of(lang), opened(data_dir)
    answer = field_answer(store, field_of(field), area_of(store, region), amount, sector)
    if as_json:
        print_json(field_json.as_json(answer))
        return
    _print(answer, language)


def _print(answer: FieldAnswer, language: Language) -> None:
    t = translator(language)
    out.print(f"[bold]{escape(words.headline(answer, language))}[/bold]")
    for sentence in (words.chain_said(answer, language), *words.cautions(answer, language)):
        out.print(escape(sentence))
    for title, table in (
        (t("Value chain"), words.chain_table(answer, language)),
        (t("Firms of the field"), words.firms_table(answer, language)),
        (t("Sectors of the area"), words.sectors_table(answer, language)),
        (t("Fields by how related they are"), words.related_table(answer, language)),
        (t("Dependence"), words.dependence_table(answer, language)),
        (t("Hub and connector firms"), words.degrees_table(answer, language)),
        (t("Needs of planned investments"), words.needs_table(answer, language)),
        (t("Workers by occupation"), words.workers_table(answer, language) if len(answer.projects) else None),
        (t("Ripple"), words.ripple_table(answer, language)),
        (t("Essential services"), field_facts.services_table(answer.services, language)),
        (t("Places of the papers' systems"), field_facts.points_table(answer, language)),
        (t("Readiness for manufacturing AI"), field_facts.ready_table(answer, language)),
        (t("What the papers say of the field"), field_facts.facts_table(answer, language)),
        (t("Layers behind this answer"), behind.layers_table(answer.locks, language)),
    ):
        if table is not None:
            print_table(title, table)
    for sentence in (
        words.ripple_said(answer, language),
        field_facts.tags_said(answer, language),
        field_facts.ready_said(answer, language),
        field_facts.points_said(answer, language),
    ):
        if sentence:
            out.print(escape(sentence))
