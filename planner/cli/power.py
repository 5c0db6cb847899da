"""The command that answers what a load would need at one place."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from geodata import Layers
from geodata.base import FloatArray

from ..context import clean_words
from ..context import power_words as words
from ..context.place import Place, place_at, place_of
from ..context.power import power_answer, read_load, read_prices
from ..errors import PlannerError
from ..i18n import translator
from ..power.demand import Demand
from ..power.hourly import LOADS, Storage, load_shape
from .common import DataDir, Json, Lang, app, degrees_of, language_of, opened, out, print_json, print_table


@app.command("power")
def power(  # noqa: PLR0913  (one parameter per option)
    *,
    site: Annotated[str, typer.Option(help="LAT,LON (or LON,LAT), or the id of a listed site.")],
    demand_mw: Annotated[float, typer.Option(help="Load, MW of grid connection.")],
    load: Annotated[
        str, typer.Option(help="flat, two_shift, or a CSV with a column mw of 8,760 hours from 1 April.")
    ] = "flat",
    year: Annotated[int | None, typer.Option(help="Year by whose end it must be there.")] = None,
    battery_mw: Annotated[float, typer.Option(min=0, help="Storage beside the clean supply, MW.")] = 0.0,
    battery_mwh: Annotated[float, typer.Option(min=0, help="What it holds, MWh.")] = 0.0,
    prices: Annotated[
        Path | None, typer.Option(help="CSV with technology and yen_kwh: what a matched share would cost.")
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
    lang: Lang = None,
) -> None:
    """Say how a load could be connected at a place, when, at what cost, and how much of each hour would be clean."""
    language, store = language_of(lang), opened(data_dir)
    t = translator(language)
    demand = _demand(demand_mw, year, {} if prices is None else read_prices(prices))
    storage = Storage(battery_mw, battery_mwh, demand.assumed["battery_efficiency"][1])
    answer = power_answer(store, _place(site, store), demand, _load(load, demand), storage)
    if as_json:
        print_json(words.as_json(answer))
        return
    out.print(f"[bold]{escape(words.headline(answer, language))}[/bold]")
    for sentence in (words.why(answer, language), *words.cautions(answer, language)):
        out.print(escape(sentence))
    points, mean = words.watt_bit(answer, language)
    tables = [
        (t("Options"), words.options_table(answer, language).T.reset_index()),
        (t("MW by year"), answer.by_year.iloc[::2].rename(columns=words.year_columns(language)).round(0)),
        (t("Clean supply"), clean_words.supply_table(answer, language)),
        (t("MW needed"), clean_words.needed_table(answer, language)),
        (t("Figures of the load"), words.figures_table(answer, language)),
        (t("Delivered cost"), words.costs_table(answer, language)),
        (t("Terms of a large connection"), words.terms_table(language)),
        (t("Watt and bit: {points}", points=words.ranged(mean, "points", t)), points),
    ]
    for title, table in tables:
        print_table(title, table)
    for sentence in (*clean_words.match_said(answer, language), clean_words.area_said(answer, language)):
        out.print(escape(sentence))


def _place(site: str, store: Layers) -> Place:
    """A place written as two degrees in either order, or the id of a listed site."""
    degrees = degrees_of(site)
    return place_of(store, site) if degrees is None else place_at(store, *degrees)


def _demand(demand_mw: float, year: int | None, prices: dict[str, float]) -> Demand:
    try:
        return Demand.model_validate({"connection_mw": demand_mw, "by_year": year, "prices": prices})
    except ValueError as error:
        raise PlannerError(
            "--demand-mw {mw:g}, --year {year}: expected more than 0 and up to 20,000 MW, and a year from 2026 to 2060. Correct it.",
            mw=demand_mw,
            year=year or "–",
        ) from error


def _load(load: str, demand: Demand) -> FloatArray | None:
    """Load in MW by hour: a shape of ours at the mean of the load factor, or the user's file."""
    if load in LOADS:
        return load_shape(load) * demand.connection_mw * demand.assumed["load_factor"][1]
    path = Path(load)
    if path.suffix != ".csv":
        raise PlannerError(
            "--load {load!r}: expected {known} or a .csv file. Correct it.", load=load, known=", ".join(LOADS)
        )
    return read_load(path)
