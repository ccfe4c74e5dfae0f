"""Origin: whose page a saved page is."""

from __future__ import annotations

import pytest

from crawler.catalogue import Catalogue
from crawler.ingest.origin import source_at, sources_by_domain
from crawler.source import Source

MATIN = Source(slug="le_matin", name="Le Matin", country="ML", url="https://www.example.com/")
BY_DOMAIN = sources_by_domain(Catalogue([MATIN]))


@pytest.mark.parametrize(
    "url", ["https://example.com/a", "http://amp.example.com/b", "https://EXAMPLE.com:443/"]
)
def test_any_host_of_a_known_domain_is_its_source(url: str) -> None:
    assert source_at(url, BY_DOMAIN) is MATIN


def test_an_unknown_domain_is_a_source_of_that_name_which_is_not_crawled() -> None:
    found = source_at("https://www.le-soir.example/a", BY_DOMAIN)

    assert (found.slug, found.name, found.active) == ("le_soir_example", "le-soir.example", False)
