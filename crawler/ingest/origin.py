"""Origin: whose page a saved page is."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.catalogue import Catalogue
from crawler.ingest.saved import SavedPage
from crawler.source import Source
from storage.domains import registered_domain
from storage.records import Page


def sources_by_domain(catalogue: Catalogue) -> dict[str, Source]:
    """Return the sources by their registered domain."""
    return {registered_domain(source.url): source for source in catalogue.values()}


def source_at(url: str, by_domain: Mapping[str, Source]) -> Source:
    """Return the source of an address by its registered domain, or one that is named after it.

    A source that is not in the catalogue is not active.
    """
    domain = registered_domain(url)
    if domain in by_domain:
        return by_domain[domain]
    slug = "".join(c if c.isalnum() else "_" for c in domain.lower())
    return Source(slug=slug, name=domain, scope="panafrican", url=f"https://{domain}", active=False)


def page_of(saved: SavedPage, source: Source) -> Page:
    """Return a saved page as if it had been fetched from its source."""
    return Page(
        source=source.slug,
        url=saved.url,
        queued_url=saved.url,
        body=saved.body,
        fetched_at=saved.fetched_at,
        status=saved.status,
        headers=saved.headers,
        country=source.country,
        language=source.language,
        outlet=source.name,
    )
