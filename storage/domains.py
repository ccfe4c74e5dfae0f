"""Domains: which addresses belong to one outlet."""

from __future__ import annotations

import tldextract

from storage.urls import host_of

_extract = tldextract.TLDExtract(suffix_list_urls=())  # the list it ships; nothing is downloaded


def registered_domain(url: str) -> str:
    """Return the domain an outlet registered, or the host without `www.` where there is none (an IP address).

    Raises ValueError when the address has no host.
    """
    host = host_of(url)
    return _extract(host).top_domain_under_public_suffix or host.removeprefix("www.")
