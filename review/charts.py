"""Charts: rows of small bars as inline SVG, readable on white and on black, without script.

Text takes the colour of the page (`currentColor`); the one blue of the bars has a contrast of
4.1 on white and of 4.6 on #121212. Every bar says its number in a `<title>`, and every row
ends with its total, so that nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import attrs
from markupsafe import Markup

from review.digest.records import Series

BLUE: Final = "#3b82c4"
ROW, BAR_HEIGHT, TOP, BOTTOM = 24, 17, 22, 22
LABEL, TOTAL, LAST, WIDTH = 178, 42, 62, 540
LONGEST_NAME = 25
"""Characters of a row's name that fit; the whole name is in its `<title>`."""


@attrs.frozen(kw_only=True)
class Axis:
    """The columns of a chart."""

    labels: Sequence[str]
    """What each column is called in full, for the titles of the bars."""
    ticks: Sequence[tuple[int, str]]
    """Columns that are named under the chart."""
    total: str
    """Head of the column of totals."""
    last: str
    """Head of the last column; empty when rows have no last word."""
    point: Callable[[str, int], str]
    """How a bar is said: `semaine du 16/11 : 3`."""


def bars_chart(title: str, summary: str, rows: Sequence[Series], axis: Axis) -> Markup:
    """Return one row of bars per series, all to one scale, as an accessible SVG image."""
    height = TOP + ROW * len(rows) + BOTTOM
    highest = max([1, *(value for row in rows for value in row.values)])
    pieces = [_row(row, TOP + ROW * index, highest, axis) for index, row in enumerate(rows)]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" class="chart"'
        ' viewBox="0 0 {width} {height}" width="100%" font-family="system-ui, sans-serif"'
        ' font-size="14" aria-label="{title}. {summary}">'
        "<title>{title}</title><desc>{summary}</desc>"
        "{heads}{rows}{ticks}</svg>"
    ).format(
        width=WIDTH,
        height=height,
        title=title,
        summary=summary,
        heads=_heads(axis),
        rows=Markup("").join(pieces),
        ticks=_ticks(axis, height),
    )


def _heads(axis: Axis) -> Markup:
    return _text(_right(axis) + TOTAL - 4, 14, axis.total, "end", 0.75) + _text(
        WIDTH, 14, axis.last, "end", 0.75
    )


def _row(row: Series, top: int, highest: int, axis: Axis) -> Markup:
    base = top + BAR_HEIGHT + 2
    shown = row.name if len(row.name) <= LONGEST_NAME else row.name[: LONGEST_NAME - 1] + "…"
    name = Markup('<text x="{x}" y="{y}" text-anchor="end" fill="currentColor">{shown}'
                  "<title>{name}</title></text>").format(
        x=LABEL - 10, y=base - 4, shown=shown, name=row.name
    )  # fmt: skip
    line = Markup(
        '<path d="M{left} {base}H{right}" stroke="currentColor" stroke-opacity=".25"/>'
    ).format(left=LABEL, right=_right(axis), base=base)
    bars = Markup("").join(
        _bar(column, value, base, highest, axis) for column, value in enumerate(row.values)
    )
    total = _text(_right(axis) + TOTAL - 4, base - 4, str(row.total), "end", 1)
    return (
        Markup("<g>")
        + name
        + line
        + bars
        + total
        + _text(WIDTH, base - 4, row.last, "end", 1)
        + Markup("</g>")
    )


def _bar(column: int, value: int, base: int, highest: int, axis: Axis) -> Markup:
    """Draw a bar; a nought has none, but its column still says its number."""
    step = (_right(axis) - LABEL) / len(axis.labels)
    height = BAR_HEIGHT * value / highest
    drawn = Markup(
        '<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="1" fill="{blue}"/>'
    ).format(x=LABEL + column * step + 1, y=base - height, w=step - 2, h=height, blue=BLUE)
    field = Markup(
        '<rect x="{x:.1f}" y="{y}" width="{w:.1f}" height="{h}" fill="none" pointer-events="all">'
        "<title>{title}</title></rect>"
    ).format(
        x=LABEL + column * step, y=base - BAR_HEIGHT, w=step, h=BAR_HEIGHT,
        title=axis.point(axis.labels[column], value),
    )  # fmt: skip
    return (drawn if value else Markup("")) + field


def _ticks(axis: Axis, height: int) -> Markup:
    step = (_right(axis) - LABEL) / len(axis.labels)
    return Markup("").join(
        _text(LABEL + (column + 0.5) * step, height - 6, label, "middle", 0.75)
        for column, label in axis.ticks
    )


def _text(x: float, y: float, text: str, anchor: str, opacity: float) -> Markup:
    return Markup(
        '<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="currentColor"'
        ' fill-opacity="{opacity}">{text}</text>'
    ).format(x=x, y=y, anchor=anchor, opacity=opacity, text=text)


def _right(axis: Axis) -> int:
    """Return where the bars end."""
    return WIDTH - TOTAL - (LAST if axis.last else 0)
