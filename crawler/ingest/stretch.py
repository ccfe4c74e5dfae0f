"""Stretch: what a worker reads of a web archive in one task.

The worker unpacks the records itself and hands back only the pages that are worth extracting, so
that neither the process that stores them nor the way to it carries all the others.
"""

from __future__ import annotations

import io
from collections import Counter
from contextlib import suppress
from datetime import UTC
from http import HTTPStatus

import attrs
from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader
from fastwarc.warc import WarcRecord, WarcRecordType

from crawler.ingest.saved import SavedPage
from crawler.ingest.warcs import Warc, ends_well, next_record
from pipelines.prefilter import prefilter
from pipelines.read import rules_in_use
from storage.domains import registered_domain
from storage.times import now

MAX_BODY = 5_000_000
"""As in a crawl; a larger answer is no article."""
_MOST_HELD = 40_000_000
"""Bytes of pages that a task hands back at most; the rest of its stretch is another task."""

PASSED_OVER = "passed_over"
OTHER_OUTLETS = "other_outlets"

_PAGES = ("text/html", "application/xhtml+xml")
_COUNTED = (WarcRecordType.response, WarcRecordType.revisit)
_DECODERS = {
    "br": BrotliReader,
    "chunked": ChunkedReader,
    "gzip": GzipReader,
    "x-gzip": GzipReader,
}


@attrs.frozen(kw_only=True)
class Selection:
    """What decides which pages of a web archive are extracted."""

    everything: bool
    """Whether pages are extracted on which no rule can fire."""
    domains: frozenset[str] | None
    """The registered domains whose pages are kept, None for all."""


@attrs.frozen(kw_only=True)
class Stretch:
    """The records that begin within a part of a WARC."""

    warc: Warc
    start: int
    end: int
    is_exact: bool
    """Whether a record is known to begin at `start`; else the first one is looked for."""


@attrs.frozen(kw_only=True)
class Stretched:
    """What was found in a stretch."""

    first: int | None
    """Where the first record begins, None where none does."""
    stop: int
    """Where the first record begins that was not read."""
    pages: tuple[SavedPage, ...] = ()
    counts: Counter[str] = attrs.field(factory=Counter)
    """Records that gave no page, by reason under `reason/`, and pages that were passed over."""
    problems: tuple[str, ...] = ()
    """What was broken, and where."""


def read_stretch(stretch: Stretch, selection: Selection) -> Stretched:
    """Read the records of a stretch; broken ones are left out and told."""
    first: int | None = stretch.start
    if not stretch.is_exact:
        first = next_record(stretch.warc, stretch.start, stretch.end)
    if first is None:
        return Stretched(first=None, stop=stretch.end)
    gathered = _Gathered(selection)
    stop = _read(stretch, first, gathered)
    return Stretched(
        first=first,
        stop=stop,
        pages=tuple(gathered.pages),
        counts=gathered.counts,
        problems=tuple(gathered.problems),
    )


def _read(stretch: Stretch, position: int, gathered: _Gathered) -> int:
    """Read from a record on, past what is broken, and return where the next stretch begins."""
    warc = stretch.warc
    while position < (stretch.end if gathered.is_sound else warc.size):
        gathered.position = position
        try:
            return _read_sound(stretch, gathered)
        except OSError as e:
            gathered.note_fault(e)
            position = next_record(warc, gathered.position + 1, warc.size) or warc.size
    return position


def _read_sound(stretch: Stretch, gathered: _Gathered) -> int:
    """Read on to the end of the stretch. Raises OSError where something is broken."""
    with stretch.warc.records(gathered.position) as records:
        for at, record in records:
            if gathered.is_sound and (at >= stretch.end or gathered.held > _MOST_HELD):
                return at
            gathered.position = at
            gathered.take(record)
    gathered.end(stretch.warc)
    return stretch.warc.size


class _Gathered:
    """What one pass over a stretch brings."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._prefilter = prefilter(rules_in_use())
        self._last_is_cut = False
        self.is_sound = True
        """Whether no place is broken since the last record that could be read."""
        self.position = 0
        """Where the record at hand begins."""
        self.held = 0
        self.pages: list[SavedPage] = []
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []

    def note_fault(self, error: OSError) -> None:
        """Tell of a broken place, once until a record can be read again."""
        if self.is_sound:
            self.counts["reason/broken"] += 1
            self.problems.append(f"broken after byte {self.position} ({error})")
        self.is_sound = False

    def take(self, record: WarcRecord) -> None:
        """Keep a record's page, or count why it gives none. Raises OSError."""
        if record.record_type in _COUNTED:
            kept = self._page(record)
            if isinstance(kept, str):
                self.counts[kept] += 1
            else:
                self.pages.append(kept)
                self.held += len(kept.body)
        self.is_sound = True

    def end(self, warc: Warc) -> None:
        """Tell of an end within a record."""
        if not self._last_is_cut and not ends_well(warc, self.position):
            self.counts["reason/truncated"] += 1
            self.problems.append(f"the file ends within a record after byte {self.position}")

    def _page(self, record: WarcRecord) -> SavedPage | str:
        """Return the page, or what to count instead."""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        if not self._is_wanted(url):
            return OTHER_OUTLETS
        record.parse_http()
        if reason := _no_page(record):
            return f"reason/{reason}"
        length = record.content_length
        body = record.reader.read()
        if len(body) < length:
            self._last_is_cut = True
            self.problems.append(f"the record at byte {self.position} is cut short")
            return "reason/truncated"
        page = _saved(record, url, body)
        content_type = record.http_headers.get("Content-Type")
        wanted = self._selection.everything or self._prefilter.may_flag(page.body, content_type)
        return page if wanted else PASSED_OVER

    def _is_wanted(self, url: str) -> bool:
        domains = self._selection.domains
        if domains is None:
            return True
        try:
            return registered_domain(url) in domains
        except ValueError:
            return False


def _no_page(record: WarcRecord) -> str | None:
    """Return why a record holds no page, None where it may."""
    http = record.http_headers
    if record.record_type == WarcRecordType.revisit:
        return "revisit"
    if not record.is_http or http is None or http.status_code is None:
        return "not_http"
    if not HTTPStatus.OK <= http.status_code < HTTPStatus.MULTIPLE_CHOICES:
        return f"status_{http.status_code}"
    if (record.http_content_type or _PAGES[0]) not in _PAGES:
        return "not_html"
    if record.headers.get("WARC-Truncated"):
        return "truncated"
    return "too_big" if record.content_length > MAX_BODY else None


def _saved(record: WarcRecord, url: str, body: bytes) -> SavedPage:
    http = record.http_headers
    date = record.record_date
    return SavedPage(
        url=url,
        body=_decoded(body, http.get("Transfer-Encoding"), http.get("Content-Encoding")),
        fetched_at=now() if date is None else date.astimezone(UTC),
        status=http.status_code or HTTPStatus.OK,
        headers=tuple((name.lower(), value) for name, value in http.items()),
    )


def _decoded(body: bytes, transfer: str | None, content: str | None) -> bytes:
    """Undo the encodings that the answer announces; many archives have undone them already."""
    names = [*(content or "").lower().split(","), *(transfer or "").lower().split(",")]
    for name in reversed([name.strip() for name in names]):
        if name in _DECODERS:
            with suppress(OSError):
                body = _DECODERS[name](io.BytesIO(body)).read(MAX_BODY) or body
    return body
