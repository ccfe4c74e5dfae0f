"""Digest charts: stories by week, and sources by volume and silence, as the reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from markupsafe import Markup

from review.charts import Axis, bars_chart
from review.digest.records import Series, Trends
from review.digest.trends import renamed
from review.digest.words import Words

Charts = list[tuple[str, Markup]]
"""Caption and SVG."""


def digest_charts(trends: Trends, words: Words) -> Charts:
    """Return the charts that have something to show."""
    return [*weekly_charts(trends, words), *source_charts(trends, words)]


def weekly_charts(trends: Trends, words: Words) -> Charts:
    """Return stories per week by theme and by country."""
    axis = Axis(
        labels=[words.say("chart_week", date=words.short_day(week)) for week in trends.weeks],
        ticks=_ticks(trends.weeks, words),
        total=words.say("chart_total"),
        last="",
        point=_point(words),
    )
    return [
        _chart(words.say(key), renamed(rows, name), axis, words)
        for key, rows, name in (
            ("chart_themes", trends.themes, words.theme),
            ("chart_countries", trends.countries, words.country),
        )
        if rows
    ]


def source_charts(trends: Trends, words: Words) -> Charts:
    """Return articles per day of the sources with most articles and of the most silent ones."""
    axis = Axis(
        labels=[words.short_day(day) for day in trends.days],
        ticks=_ticks(trends.days, words),
        total=words.say("chart_total"),
        last=words.say("chart_silence_head"),
        point=_point(words),
    )
    return [
        _chart(words.say(key), _with_silence(rows, words), axis, words)
        for key, rows in (("chart_volume", trends.loudest), ("chart_silence", trends.quietest))
        if rows
    ]


def _chart(caption: str, rows: Sequence[Series], axis: Axis, words: Words) -> tuple[str, Markup]:
    totals = ", ".join(axis.point(row.name, row.total) for row in rows)
    return caption, bars_chart(caption, f"{words.say('chart_total')} – {totals}", rows, axis)


def _point(words: Words) -> Callable[[str, int], str]:
    return lambda label, value: words.say("chart_point", label=label, value=value)


def _with_silence(rows: Sequence[Series], words: Words) -> list[Series]:
    return [
        Series(name=row.name, values=row.values, last=words.say("chart_silent", n=row.last))
        for row in rows
    ]


def _ticks(days: Sequence[date], words: Words) -> list[tuple[int, str]]:
    """Name the first and the last column, and every fourth week or seventh day before the last."""
    every = 7 if len(days) > 20 else 4
    last = len(days) - 1
    columns = {0, *range(last % every, last + 1, every)}
    return [(column, words.short_day(days[column])) for column in sorted(columns)]
