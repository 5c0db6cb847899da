"""Folium maps from results. No streamlit here, and no asset from outside: Leaflet comes from the app's own server."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from branca.element import MacroElement
from jinja2 import Template

from geodata.country import crs
from geodata.country.mesh import GRIDS, Grid, Level

from ..context.power import PowerAnswer
from ..context.power_words import label, ranged
from ..i18n import Language, translator
from ..model.result import Result
from ..model.tables import EXCLUDED, NOT_RANKED, row_of
from ..output import pictures
from ..output.templates import template

CENTRE, ZOOM = (36.6, 137.6), 5
MAX_MARKERS = 2000
_STYLE = ("color", "fill", "fillColor", "fillOpacity", "weight")
_CLICK_RADIUS = 7  # up to 10 a click reports the marker's own position
BASE_CREDIT = f"{pictures.BASE_CREDIT}, Leaflet"
_SIMPLIFY_DEGREES = 0.01

_EXCLUDED, _HATCH = "#8f8f8f", "#7a7a7a"
_STEPS = 200
_INDEX_EXCLUDED, _INDEX_HATCH, _INDEX_PAPER, _INDEX_NOTHING = 201, 202, 203, 204


_RUNS_IN_SCRIPT = str.maketrans({sign: f"&#{ord(sign)};" for sign in "`\\${}"})


@dataclass(frozen=True)
class Assets:
    """Addresses of Leaflet, relative to the frame the map is drawn in."""

    script: str
    style: str


@dataclass(frozen=True)
class MeshPicture:
    """A PNG as a data URI, and its west, south, east, north."""

    uri: str
    bounds: pictures.Bounds


class StillFocus(MacroElement):
    """
    Keep the page where it is when the map takes the focus.

    Leaflet focuses its container on a mouse press; when the map is partly below the window, the browser would scroll
    between press and release, and the click would land kilometres away.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent.get_name() }}.getContainer().focus = function () {"
        "HTMLElement.prototype.focus.call(this, {preventScroll: true}); };"
        "{% endmacro %}"
    )


def for_map(data: object) -> str:
    """
    Text of data as HTML that may stand in a script of a map; every such text goes through here.

    folium puts a tooltip between backticks, where ` and ${ } run, and branca renders the finished script as a Jinja template
    once more, where {{ }} would run Python. So these signs become character references too, in GeoJSON as in tooltips.
    """
    return escape(str(data)).translate(_RUNS_IN_SCRIPT)


def base_map(assets: Assets, land: str, borders: str | None, result: Result) -> folium.Map:
    """Land, prefecture borders when pulled, the view on the candidates, and nothing from the network."""
    figure = _empty_map(assets, land, borders)
    sites = result.table
    figure.fit_bounds([[sites["lat"].min(), sites["lon"].min()], [sites["lat"].max(), sites["lon"].max()]], max_zoom=9)
    return figure


def _empty_map(assets: Assets, land: str, borders: str | None) -> folium.Map:
    west, south, east, north = pictures.JAPAN
    edge = [[south, west], [north, east]]
    figure = folium.Map(
        location=CENTRE, zoom_start=ZOOM, tiles=None, minZoom=5, maxZoom=14, maxBounds=edge, maxBoundsViscosity=1.0
    )
    figure.default_js = [("leaflet", assets.script)]
    figure.default_css = [("leaflet_css", assets.style)]
    figure.add_child(StillFocus())  # type: ignore[no-untyped-call]
    folium.raster_layers.ImageOverlay(land, bounds=edge).add_to(figure)
    if borders:
        style = {"color": "#6b6b6b", "weight": 0.8, "fill": False, "interactive": False}
        folium.GeoJson(json.loads(borders), style_function=lambda _: style).add_to(figure)
    return figure


def connection_map(
    assets: Assets, land: str, borders: str | None, answer: PowerAnswer, language: Language
) -> folium.Map:
    """The place of a load, its options numbered, and the line of the best with its length."""
    figure = _empty_map(assets, land, borders)
    t, here = translator(language), (answer.place.lat, answer.place.lon)
    for number, option in reversed(list(enumerate(answer.options, 1))):
        there = (option.lat, option.lon)
        best = number == 1
        tip = f"{number}. {label(option, t)}: {ranged(option.line_km, 'km', t, 1)}"
        line = {
            "color": "#d55e00" if best else "#8f8f8f",
            "weight": 4 if best else 1.5,
            "dash_array": None if best else "4 4",
        }
        folium.PolyLine([here, there], tooltip=for_map(tip), **line).add_to(figure)  # type: ignore[no-untyped-call]
        folium.CircleMarker(
            there, radius=8 if best else 5, color="#00538b", fill=True, fill_opacity=0.9, tooltip=for_map(tip)
        ).add_to(figure)
    folium.CircleMarker(
        here, radius=9, color="#d55e00", weight=4, fill=False, tooltip=for_map(answer.place.name)
    ).add_to(figure)
    lats, lons = ([here[axis], *((option.lat, option.lon)[axis] for option in answer.options)] for axis in (0, 1))
    figure.fit_bounds([[min(lats), min(lons)], [max(lats), max(lons)]], max_zoom=11)
    return figure


def town_map(  # noqa: PLR0913, PLR0917  (what a map is made of)
    assets: Assets, land: str, borders: str | None, towns: pd.DataFrame, shapes: gpd.GeoSeries | None, chosen: str
) -> folium.Map:
    """Municipalities coloured by `shade` (0 to 100), grey where unknown: their areas where these are there, else a circle each; `told` on hover."""
    figure = _empty_map(assets, land, borders)
    for code, row in towns.iterrows():
        colour = _EXCLUDED if np.isnan(row["shade"]) else pictures.colour(float(row["shade"]))
        edge: dict[str, Any] = {
            "color": "#d55e00" if code == chosen else "#444444",
            "weight": 3 if code == chosen else 0.6,
        }
        style: dict[str, Any] = {"fillColor": colour, "fillOpacity": 0.25 if np.isnan(row["shade"]) else 0.8, **edge}
        if shapes is not None and code in shapes.index:
            outline = json.loads(shapely.to_geojson(shapely.simplify(shapes[code], _SIMPLIFY_DEGREES / 4)))
            folium.GeoJson(outline, style_function=lambda _, style=style: style, tooltip=for_map(row["told"])).add_to(
                figure
            )
        else:
            here = (row["lat"], row["lon"])
            folium.CircleMarker(
                here, radius=8, fill=True, fill_color=colour, fill_opacity=0.8, tooltip=for_map(row["told"]), **edge
            ).add_to(figure)
    edges = [[towns["lat"].min(), towns["lon"].min()], [towns["lat"].max(), towns["lon"].max()]]
    figure.fit_bounds(edges, max_zoom=10)
    return figure


def near_map(assets: Assets, land: str, borders: str | None, site: pd.Series, near: pd.DataFrame) -> folium.Map:
    """One site and what is nearest to it, numbered as in the list."""
    figure = _empty_map(assets, land, borders)
    known = near[near["km"].notna()]
    lats, lons = list(known["lat"].astype(float)), list(known["lon"].astype(float))
    for number, lat, lon, name in zip(known.index + 1, lats, lons, known["name"], strict=True):
        folium.CircleMarker(
            (lat, lon),
            radius=6,
            color="#00538b",
            fill=True,
            fill_opacity=0.9,
            tooltip=f"{number}. {for_map(name)}",
        ).add_to(figure)
    folium.CircleMarker((site["lat"], site["lon"]), radius=9, color="#d55e00", weight=4, fill=False).add_to(figure)
    lats, lons = [*lats, site["lat"]], [*lons, site["lon"]]
    figure.fit_bounds([[min(lats), min(lons)], [max(lats), max(lons)]], max_zoom=11)
    return figure


def add_sites(figure: folium.Map, result: Result, unit: str) -> None:
    """A marker per site: coloured by score, hollow when not ranked, grey when excluded; best on top."""
    drawn = result.table.head(MAX_MARKERS)[::-1]
    features = [
        {
            "type": "Feature",
            "id": str(number),
            "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
            "properties": {"name": for_map(name), "score": f"{score:.1f} {unit}", **_marker(status, score)},
        }
        for number, (lon, lat, name, score, status) in enumerate(
            zip(*(drawn[column] for column in ("lon", "lat", "name", "score", "status")), strict=True)
        )
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=_CLICK_RADIUS),
        style_function=lambda feature: {key: feature["properties"][key] for key in _STYLE},
        tooltip=folium.GeoJsonTooltip(fields=["name", "score"], labels=False),
    ).add_to(figure)


def mesh_picture(result: Result, level: Level) -> MeshPicture:
    """The mesh as one picture, warped so that colour and place agree."""
    indices, bounds = mesh_indices(result, GRIDS[level])
    return MeshPicture(pictures.png_uri(pictures.warped(indices, bounds), _palette()), bounds)


def extent(result: Result) -> tuple[float, float, float, float]:
    """West, south, east, north of the candidates' centres."""
    sites = result.table
    return (
        float(sites["lon"].min()),
        float(sites["lat"].min()),
        float(sites["lon"].max()),
        float(sites["lat"].max()),
    )


def add_mesh(figure: folium.Map, picture: MeshPicture) -> None:
    """Lay the mesh over the land."""
    west, south, east, north = picture.bounds
    uri = picture.uri
    folium.raster_layers.ImageOverlay(uri, bounds=[[south, west], [north, east]], opacity=0.85).add_to(figure)


def mesh_indices(result: Result, grid: Grid) -> tuple[pictures.Bytes, pictures.Bounds]:
    """Palette index of each cell, north row first, and the picture's west, south, east, north."""
    row, col = grid.decode(result.table.index.to_series())
    height, width = int(np.ptp(row)) + 1, int(np.ptp(col)) + 1
    picture = np.full((height, width), _INDEX_NOTHING, dtype=np.uint8)
    status = result.table["status"].to_numpy()
    index = np.round(result.table["score"].to_numpy() / 100 * _STEPS).astype(np.uint8)
    index[status == EXCLUDED] = _INDEX_EXCLUDED
    hatched = status == NOT_RANKED
    index[hatched] = np.where((row + col)[hatched] % 4 == 0, _INDEX_HATCH, _INDEX_PAPER)
    picture[row.max() - row, col - col.min()] = index
    west, south, _, _ = grid.bounds(row.min(), col.min())
    _, _, east, north = grid.bounds(row.max(), col.max())
    return picture, (float(west), float(south), float(east), float(north))


def selection(result: Result, site_id: str | None, level: Level | None) -> folium.FeatureGroup:
    """A ring round the chosen site, or the outline of the chosen cell."""
    group = folium.FeatureGroup(name="selection")
    if site_id is None or site_id not in result.table.index:
        return group
    row = row_of(result.table, site_id)
    folium.CircleMarker(
        (row["lat"], row["lon"]), radius=13, color="#d55e00", weight=4, fill=False, interactive=False
    ).add_to(group)
    if level is not None:
        grid = GRIDS[level]
        west, south, east, north = (float(b) for b in grid.bounds(*(a[0] for a in grid.decode(pd.Series([site_id])))))
        folium.Rectangle(
            [(south, west), (north, east)], color="#d55e00", weight=2, fill=False, interactive=False
        ).add_to(group)
    return group


def site_at(result: Result, lon: float, lat: float, level: Level | None) -> str | None:
    """Site under a click: the cell of the mesh, else the nearest marker."""
    if level is not None:
        grid = GRIDS[level]
        code = str(grid.encode(*(np.array([a]) for a in grid.locate(lon, lat)))[0])
        return code if code in result.table.index else None
    drawn = result.table.head(MAX_MARKERS)
    return str(drawn.index[int(np.argmin(crs.geodesic_m(drawn["lon"], drawn["lat"], lon, lat)))])


def outlines(shapes: gpd.GeoSeries) -> str:
    """Borders as light GeoJSON lines."""
    thin = shapes.simplify(_SIMPLIFY_DEGREES).boundary.to_crs(crs.EXPORT)
    return str(gpd.GeoSeries(thin).set_precision(0.001).to_json(drop_id=True))


def legend(labels: dict[str, str]) -> str:
    """Legend as HTML; `labels` holds low, high, not_ranked and excluded."""
    return template(__package__, "legend.html.j2").render(
        labels=labels, ramp=pictures.CIVIDIS, hatch=_HATCH, excluded=_EXCLUDED
    )


def swatch(colour: str, words: str) -> str:
    """A dot of a colour before some words, as HTML."""
    return template(__package__, "swatch.html.j2").render(colour=colour, words=words)


def add_moves(figure: folium.Map, table: pd.DataFrame, names: pd.Series) -> None:
    """A marker per site by places gained (blue) or lost (red); grey when it did not move."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
            "properties": {"name": for_map(names[site]), "move": _move_text(move), **_move_style(move)},
        }
        for site, lon, lat, move in zip(
            table.index, table["lon"], table["lat"], table["move"].astype("float64"), strict=True
        )
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=_CLICK_RADIUS),
        style_function=lambda feature: {key: feature["properties"][key] for key in _STYLE},
        tooltip=folium.GeoJsonTooltip(fields=["name", "move"], labels=False),
    ).add_to(figure)


def _move_text(move: float) -> str:
    return "–" if pd.isna(move) else f"{int(move):+d}"


def _move_style(move: float) -> dict[str, object]:
    steps = 0 if pd.isna(move) else int(move)
    fill = "#2166ac" if steps > 0 else "#b2182b" if steps < 0 else "#d0d0d0"
    strength = min(0.35 + abs(steps) / 60, 1.0)
    return {"color": "#444444", "fill": True, "fillColor": fill, "fillOpacity": strength, "weight": 1}


def add_outlines(figure: folium.Map, shapes: gpd.GeoSeries) -> None:
    """Outlines that take no click."""
    style = {"color": "#d55e00", "weight": 2, "fill": True, "fillOpacity": 0.08, "interactive": False}
    folium.GeoJson(shapes.to_json(drop_id=True), style_function=lambda _: style, interactive=False).add_to(figure)


def _marker(status: str, score: float) -> dict[str, object]:
    if status == EXCLUDED:
        return {"color": "#5c5c5c", "fill": True, "fillColor": _EXCLUDED, "fillOpacity": 0.55, "weight": 1}
    if status == NOT_RANKED:
        return {"color": _HATCH, "fill": True, "fillColor": "#ffffff", "fillOpacity": 0.4, "weight": 2}
    return {"color": "#222222", "fill": True, "fillColor": pictures.colour(score), "fillOpacity": 0.95, "weight": 1}


def _palette() -> list[tuple[int, int, int, int]]:
    ramp = [(int(r), int(g), int(b), 255) for r, g, b in pictures.ramp(np.linspace(0, 100, _STEPS + 1))]
    return [*ramp, (*pictures.rgb(_EXCLUDED), 255), (*pictures.rgb(_HATCH), 255), (255, 255, 255, 150), (0, 0, 0, 0)]


def add_overlay(figure: folium.Map, shapes: gpd.GeoSeries, colour: str) -> None:
    """Draw shapes that take no click, so that what lies below can still be chosen."""
    thin = gpd.GeoSeries(shapely.set_precision(shapes.to_crs(crs.EXPORT).array, 0.0001), crs=crs.EXPORT)
    thin = thin[~thin.is_empty]
    if thin.empty:
        return
    style = {
        "color": colour,
        "weight": 1.2,
        "fillColor": colour,
        "fill": True,
        "fillOpacity": 0.8,
        "interactive": False,
    }
    folium.GeoJson(
        thin.to_json(drop_id=True),
        marker=folium.CircleMarker(radius=3, interactive=False),
        style_function=lambda _: style,
        interactive=False,
    ).add_to(figure)
