"""Sitemaps: the pages and the further sitemaps that a sitemap lists."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import islice

import attrs
from lxml import etree

from pipelines.page.addresses import absolute
from pipelines.page.decode import decode
from storage.cleaning import clean_line
from storage.records import Link

MAX_LINKS = 50_000
"""The standard's own limit for one sitemap."""

MAX_BYTES = 50_000_000
"""The standard's limit too; a gzip bomb of 50 KB unpacks to more."""

_GZIP = b"\x1f\x8b"
_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_LAST_END = re.compile(r"(?s).*</(?:\w+:)?(?:url|sitemap)\s*>")
_PROLOG = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class ChildSitemap:
    """A further sitemap that an index lists."""

    url: str
    modified_hint: str | None = None
    """When it last changed, as printed."""


@attrs.frozen(kw_only=True)
class SitemapReading:
    """What a sitemap lists."""

    links: tuple[Link, ...] = ()
    sitemaps: tuple[ChildSitemap, ...] = ()
    problem: str | None = None
    """html, empty, malformed, too_big, or None. What was found before the problem is kept."""
    modified_hints: Mapping[str, str] = attrs.field(factory=dict)
    """When the page at an address last changed, as printed. It is no publication date."""
    skipped: int = 0
    """Entries without an address that can be fetched."""


def read_sitemap(body: bytes, url: str) -> SitemapReading:
    """Return what a sitemap lists: XML, an index, plain text, each gzipped or not. Never raises.

    `url` is where it came from; an index that lists itself would otherwise never end.
    """
    try:
        body, cut = _unpacked(body)
    except zlib.error:
        return SitemapReading(problem="malformed")
    if not body.strip():
        return SitemapReading(problem="empty")
    if _PAGE.search(body, 0, 2000):
        return SitemapReading(problem="html")
    is_xml = body.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] == b"<"
    found = _xml_entries(body) if is_xml else _text_entries(body)
    reading = _reading(found, url)
    return attrs.evolve(reading, problem="too_big") if cut else reading


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """Return the body without gzip, and whether it had to be cut."""
    if not body.startswith(_GZIP):
        return body[:MAX_BYTES], len(body) > MAX_BYTES
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = unpacker.decompress(body, MAX_BYTES)
    return unpacked, bool(unpacker.unconsumed_tail)


@attrs.frozen(kw_only=True)
class _Entry:
    """One `url` or `sitemap` element."""

    kind: str
    address: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None


def _reading(entries: Iterator[_Entry], url: str) -> SitemapReading:
    links: dict[str, Link] = {}
    children: dict[str, ChildSitemap] = {}
    modified: dict[str, str] = {}
    seen = skipped = 0
    for entry in islice(entries, MAX_LINKS):
        seen += 1
        address = _address(entry.address, url)
        if address is None:
            skipped += 1
        elif entry.kind == "sitemap":
            children.setdefault(address, ChildSitemap(url=address, modified_hint=entry.modified))
        else:
            links.setdefault(address, _link(address, entry))
            modified |= {address: entry.modified} if entry.modified else {}
    children.pop(url, None)
    more = next(entries, None) is not None
    return SitemapReading(
        links=tuple(links.values()),
        sitemaps=tuple(children.values()),
        problem="too_big" if more else None if seen else "malformed",
        modified_hints=modified,
        skipped=skipped,
    )


def _address(value: str, base: str) -> str | None:
    """Return the address; one that is not absolute is what is left of a broken entry."""
    text = value.strip()
    return absolute(base, text) if text.startswith(("http://", "https://", "/")) else None


def _link(address: str, entry: _Entry) -> Link:
    return Link(
        url=address,
        discovered_by="sitemap",
        title=clean_line(entry.title or "", 500) or None,
        published_hint=clean_line(entry.published or "", 100) or None,
    )


def _text_entries(body: bytes) -> Iterator[_Entry]:
    for line in decode(body).splitlines():
        if line.strip().startswith(("http://", "https://")):
            yield _Entry(kind="url", address=line.strip())


def _xml_entries(body: bytes) -> Iterator[_Entry]:
    """Yield the entries of an XML sitemap; one that was cut loses its unfinished last entry."""
    text = _PROLOG.sub("", decode(body).lstrip("\ufeff \t\r\n"), count=1)
    finished = _LAST_END.match(text)
    stream = io.BytesIO((finished.group() if finished else "").encode("utf-8", "replace"))
    events = etree.iterparse(
        stream,
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        for _, element in events:
            yield _entry(element)
            element.clear()
    except etree.LxmlError:
        return


def _entry(element: etree._Element) -> _Entry:
    return _Entry(
        kind=etree.QName(element).localname,
        address=element.findtext("{*}loc") or "",
        title=element.findtext("{*}news/{*}title"),
        published=element.findtext("{*}news/{*}publication_date"),
        modified=clean_line(element.findtext("{*}lastmod") or "", 100) or None,
    )
