"""Printed dates: the ways in which sites write a date."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page.printed_dates import FIRST_YEAR, parse_printed


def utc(*parts: int) -> datetime:
    """Return a moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # the parts are year, month, day …


READ = {
    "2026-11-20T14:32:05+00:00": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "2026-11-20T14:32:05.123Z": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "2026-11-20T14:32:05+0100": (utc(2026, 11, 20, 13, 32, 5), "second"),
    "2026-11-20T00:30+01:00": (utc(2026, 11, 19, 23, 30), "minute"),
    "2026-11-20 14:32": (utc(2026, 11, 20, 14, 32), "minute"),
    "2026-11-20": (utc(2026, 11, 20), "day"),
    "2026-11-20T00:00:00Z": (utc(2026, 11, 20), "day"),
    "2026/11/20": (utc(2026, 11, 20), "day"),
    "Fri, 20 Nov 2026 14:32:05 +0000": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "Fri, 20 Nov 2026 14:32:05 GMT": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "Fri, 20 Nov 2026 09:32:05 EST": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "Fri, 20 Nov 26 14:32:05 GMT": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "ven., 20 nov. 2026 14:32:05 +0000": (utc(2026, 11, 20, 14, 32, 5), "second"),
    "publié le vendredi 20 novembre 2026 à 14h32": (utc(2026, 11, 20, 14, 32), "minute"),
    "Vendredi 20 Novembre 2026, 14 h 32": (utc(2026, 11, 20, 14, 32), "minute"),
    "VENDREDI 20 NOVEMBRE 2026": (utc(2026, 11, 20), "day"),
    "1er décembre 2026": (utc(2026, 12, 1), "day"),
    "12 févr. 2026 à 08h05": (utc(2026, 2, 12, 8, 5), "minute"),
    "2 aou\u0302t 2026 · 9h": (utc(2026, 8, 2, 9), "minute"),
    "Mis en ligne le 02/11/2026": (utc(2026, 11, 2), "day"),
    "02.11.2026": (utc(2026, 11, 2), "day"),
    "02-11-2026 08:15:30": (utc(2026, 11, 2, 8, 15, 30), "second"),
    "02/11/26 à 16h33": (utc(2026, 11, 2, 16, 33), "minute"),
    "ven, 20/11/2026 - 09:05": (utc(2026, 11, 20, 9, 5), "minute"),
    "11/22/2026": (utc(2026, 11, 22), "day"),
    "Friday, November 20, 2026 04:42 PM": (utc(2026, 11, 20, 16, 42), "minute"),
    "20 novembre 2026 - 3 commentaires": (utc(2026, 11, 20), "day"),
}


@pytest.mark.parametrize(("printed", "expected"), READ.items(), ids=READ.keys())
def test_a_printed_date_is_read(printed: str, expected: tuple[datetime, str]) -> None:
    moment = parse_printed(printed)
    assert moment is not None
    assert (moment.at, moment.precision) == expected


NO_DATES = [
    "",
    "il y a 2 heures",
    "© 2026",
    "2026",
    "novembre 2026",
    "20 novembre",
    "2026-13-45",
    "Fri, 31 Feb 2026 10:00:00 GMT",
    "9999-12-31",
    "-0001-01-01",
    "1970-01-01T00:00:00Z",
    "2026-11-20T10:00:00+99:99",
    "tel. 20 30 40 50 60",
    "٢٠٢٦",
]


@pytest.mark.parametrize("printed", NO_DATES)
def test_what_is_no_date_gives_none(printed: str) -> None:
    assert parse_printed(printed) is None


def test_the_part_that_is_a_date_is_kept_as_printed() -> None:
    moment = parse_printed("Par Awa, le 1er Décembre 2026 à 8h05 | 3 commentaires")
    assert moment is not None
    assert moment.printed == "1er Décembre 2026 à 8h05"


@given(st.lists(st.one_of(st.text(max_size=20), st.sampled_from(list(READ))), max_size=3))
def test_a_text_gives_none_or_a_moment_that_it_prints(parts: list[str]) -> None:
    text = " ".join(parts)
    moment = parse_printed(text)
    assert moment is None or moment.printed in unicodedata.normalize("NFC", text)


@given(
    st.from_regex(
        r"[0-9]{1,9}[-/. :T][0-9]{1,9}[-/. :T][0-9]{1,9}[ T]?[0-9:+zZ]{0,12}", fullmatch=True
    )
)
def test_numbers_give_none_or_a_moment_of_the_web_press(text: str) -> None:
    moment = parse_printed(text)
    assert moment is None or FIRST_YEAR <= moment.local.year <= 9000
