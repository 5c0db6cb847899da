"""Charts of papers as SVG: bars with their range, columns by year, and a balance of surplus and shortage."""

from collections.abc import Sequence
from html import escape
from math import isfinite

from ...model.assumptions import Range

_FONT = 'font-family="Noto Sans CJK JP"'
_DARK, _LIGHT, _SHORT, _OVER = "#00538b", "#9cc3de", "#d55e00", "#00538b"
_ROW, _LABEL, _WIDTH = 22.0, 215.0, 620.0


def bars(rows: Sequence[tuple[str, Range, str]]) -> str:
    """Horizontal bars at the middle with a line from low to high, and a text at the end; what is unknown has no bar."""
    known = [values[1] for _, values, _ in rows if isfinite(values[1])]
    most = max(known, default=1.0) or 1.0
    room = _WIDTH - _LABEL - 130
    parts = []
    for number, (label, (low, middle, high), told) in enumerate(rows):
        y = number * _ROW
        parts.append(_text(_LABEL - 6, y + 15, label, "end"))
        if isfinite(middle):
            width = room * middle / most
            parts.append(f'<rect x="{_LABEL}" y="{y + 4:.1f}" width="{width:.1f}" height="13" fill="{_LIGHT}"/>')
            ends = [_LABEL + room * min(value / most, 1.0) for value in (low, high if isfinite(high) else most)]
            parts.append(
                f'<line x1="{ends[0]:.1f}" y1="{y + 10.5:.1f}" x2="{ends[1]:.1f}" y2="{y + 10.5:.1f}" stroke="{_DARK}" stroke-width="2"/>'
            )
        parts.append(_text(_WIDTH - 125, y + 15, told, "start"))
    return _svg(parts, len(rows) * _ROW)


def columns(years: Sequence[int], series: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Stacked columns by year with a legend."""
    totals = [sum(values[k] for _, values in series) for k in range(len(years))]
    most, height = max(totals, default=1.0) or 1.0, 150.0
    step = (_WIDTH - 60) / max(len(years), 1)
    parts = [_text(52, 14, f"{most:,.0f}", "end"), _text(52, height + 4, "0", "end")]
    for k, year in enumerate(years):
        base = height
        for (_, values), colour in zip(series, (_LIGHT, _DARK), strict=True):
            tall = (height - 10) * values[k] / most
            base -= tall
            parts.append(
                f'<rect x="{60 + k * step + 4:.1f}" y="{base:.1f}" width="{step - 8:.1f}" height="{tall:.1f}" fill="{colour}"/>'
            )
        parts.append(_text(60 + (k + 0.5) * step, height + 16, str(year), "middle"))
    for k, ((name, _), colour) in enumerate(zip(series, (_LIGHT, _DARK), strict=True)):
        parts.append(f'<rect x="{60 + k * 220}" y="{height + 26:.1f}" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(78 + k * 220, height + 37, name, "start"))
    return _svg(parts, height + 44)


def balance(rows: Sequence[tuple[str, float]]) -> str:
    """Surplus to the right, shortage to the left of a middle line, each with its number."""
    most = max((abs(value) for _, value in rows), default=1.0) or 1.0
    middle, room = _LABEL + (_WIDTH - _LABEL) / 2, (_WIDTH - _LABEL) / 2 - 60
    parts = [f'<line x1="{middle:.1f}" y1="0" x2="{middle:.1f}" y2="{len(rows) * _ROW:.1f}" stroke="#888"/>']
    for number, (label, value) in enumerate(rows):
        y, width = number * _ROW, room * abs(value) / most
        start = middle if value > 0 else middle - width
        colour = _OVER if value > 0 else _SHORT
        parts += [
            _text(_LABEL - 6, y + 15, label, "end"),
            f'<rect x="{start:.1f}" y="{y + 4:.1f}" width="{width:.1f}" height="13" fill="{colour}"/>',
            _text(
                middle + (width + 6) * (1 if value > 0 else -1),
                y + 15,
                f"{value:+,.0f}",
                "start" if value > 0 else "end",
            ),
        ]
    return _svg(parts, len(rows) * _ROW)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" {_FONT}>{escape(words)}</text>'


def _svg(parts: Sequence[str], height: float) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {max(height, 1):.0f}">{"".join(parts)}</svg>'
