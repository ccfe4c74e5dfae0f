"""Urls: the identity of an address, and whether it can be fetched.

An address is always fetched as given; its canonical form only says whether two addresses are one.
courlan is not used: it turns every `spip.php?article123456` into the same address.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

MAX_LENGTH = 2083
"""The longest address that old proxies and browsers accept; longer ones are traps."""

TRACKER_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "at_", "ns_", "oly_")
"""Campaign parameters come in families. `at_` and `ns_` are those of BBC and RFI feeds."""

TRACKERS = frozenset(
    {
        "__twitter_impression",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "amp",
        "cmpid",
        "dclid",
        "fb_action_ids",
        "fb_action_types",
        "fb_ref",
        "fb_source",
        "fbclid",
        "gbraid",
        "gclid",
        "gclsrc",
        "icid",
        "igsh",
        "igshid",
        "jsessionid",
        "maca",  # Deutsche Welle
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "nb",  # travels with `share` in WordPress
        "ocid",
        "outputtype",
        "phpsessid",
        "ref_src",
        "ref_url",
        "replytocom",
        "share",
        "ttclid",
        "twclid",
        "var_mode",  # SPIP's cache switch
        "wbraid",
        "wickedid",
        "xtor",  # AT Internet, common on French-language sites
        "yclid",
        "ysclid",
    }
)
"""Query keys that never choose the document, in lower case."""

_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SESSION = re.compile(r";jsessionid=[^/?;]*|/\(s\([a-z0-5]{24}\)\)(?=/)", re.IGNORECASE)
"""As Java and ASP.NET write it into a path; no other form is told from a part of the address."""
_EMPTY_VALUE = re.compile(r"=(?=&|$)")
_HOST = re.compile(
    r"[a-z0-9_\u00a1-\uffff]([a-z0-9_.\-\u00a1-\uffff]*[a-z0-9_\u00a1-\uffff])?|\[[0-9a-f:.]+\]"
)


@functools.lru_cache(maxsize=4_096)  # an address is asked about when it is queued and when it ends
def canonical_url(url: str) -> str:
    """Return the identity of an address; two addresses of one article have the same.

    Trackers, the fragment, a leading `www.`, a default port, the scheme's `s` and the slash at the end
    of a path do not count, nor does the order of the query. Every other key of the query counts,
    with or without a value: `spip.php?article1` and `spip.php?article2` stay apart, as do `?p=1`
    and `?p=2`. The result is always printed with `https`, which the server may not speak: it
    identifies, it is not for fetching. Raises ValueError when the address is not one of the web.
    """
    parts = _parse(_UNWANTED.sub("", url).strip())
    path = _SESSION.sub("", parts.path).rstrip("/") or "/"
    bare = urlunsplit(("https", _site(parts) + _port(parts), path, parts.query, ""))
    canonical = canonicalize_url(_without_trackers(bare), keep_blank_values=True)
    return _tidy(canonical)


def host_of(url: str) -> str:
    """Return the host in lower case, without port. Raises ValueError on what has none."""
    return _host(_parse(url.strip()))


def site_of(url: str) -> str:
    """Return the host without a leading `www.`: what two pages of one outlet share."""
    return _site(_parse(url.strip()))


def is_fetchable(url: str) -> bool:
    """Whether an address is one the crawler may ask for: http(s), a host, no user, no trap."""
    if len(url) > MAX_LENGTH or _UNWANTED.search(url):
        return False
    try:
        parts = _parse(url)
    except ValueError:
        return False
    return "@" not in parts.netloc


def _parse(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme.lower() not in {"http", "https"}:
        raise ValueError(f"not an address of the web: {url[:100]!r}")
    _host(parts)
    _ = parts.port  # raises ValueError when it is no number or out of range
    return parts


def _host(parts: SplitResult) -> str:
    host = unicodedata.normalize("NFKC", parts.netloc.rpartition("@")[2]).lower()
    host = re.sub(r":\d*$", "", host).rstrip(".")
    if not _HOST.fullmatch(host) or ".." in host or len(host) > 253:
        raise ValueError(f"no host in the address: {parts.geturl()[:100]!r}")
    return host


def _site(parts: SplitResult) -> str:
    host = _host(parts)
    return host[4:] if host.startswith("www.") and "." in host[4:] else host


def _port(parts: SplitResult) -> str:
    """Return the port with its colon, nothing when it is that of http or https."""
    return "" if parts.port in {None, 80, 443} else f":{parts.port}"


def _without_trackers(url: str) -> str:
    keys = {pair.partition("=")[0] for pair in urlsplit(url).query.split("&")}
    trackers = [key for key in keys if _is_tracker(key)]
    # With an empty list the cleaner would still drop repeated keys such as `tag=a&tag=b`.
    return url_query_cleaner(url, trackers, remove=True, unique=False) if trackers else url


def _is_tracker(key: str) -> bool:
    name = key.lower()
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)


def _tidy(url: str) -> str:
    """Write an empty value without its `=`, and what canonicalising may leave unquoted, quoted."""
    parts = urlsplit(url)
    query = _EMPTY_VALUE.sub("", parts.query).strip("&")
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._").rstrip("/") or "/"
    return urlunsplit(("https", parts.netloc, path, query, ""))
