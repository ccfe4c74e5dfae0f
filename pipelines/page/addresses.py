"""Addresses: the links in a document made absolute, and which canonical one can be believed."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from storage.urls import canonical_url, is_fetchable


def absolute(base: str, address: str | None) -> str | None:
    """Return an address made absolute and without its fragment, None if it cannot be fetched."""
    text = (address or "").strip()
    try:
        joined = urljoin(base, text).partition("#")[0] if text else ""
    except ValueError:
        return None
    return joined if is_fetchable(joined) else None


def may_be_canonical(address: str, url: str) -> bool:
    """Whether an address may stand for a page: of the same site, and as exact as the page's own.

    Broken themes name the home page, or the script of a SPIP site without the article's number.
    """
    named, own = urlsplit(canonical_url(address)), urlsplit(canonical_url(url))
    if not _is_same_site(named.netloc, own.netloc):
        return False
    if named.path == "/" and not named.query:
        return own.path == "/" and not own.query
    return not (named.path == own.path and own.query and not named.query)


def _is_same_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
