"""Addresses: which canonical address can be believed."""

from __future__ import annotations

import pytest

from pipelines.page.addresses import absolute, may_be_canonical

OWN = "https://www.info.example/spip.php?article12"

BELIEVED = {
    "itself": OWN,
    "without www": "https://info.example/spip.php?article12",
    "readable form": "https://info.example/mali-ble",
    "main site of a mobile page": "https://info.example/a",
}
NOT_BELIEVED = {
    "front page": "https://www.info.example/",
    "script without the number": "https://www.info.example/spip.php",
    "other site": "https://voisin.example/spip.php?article12",
    "other site that ends alike": "https://xinfo.example/a",
}


@pytest.mark.parametrize("address", BELIEVED.values(), ids=BELIEVED.keys())
def test_an_address_of_the_site_is_believed(address: str) -> None:
    assert may_be_canonical(address, OWN)


@pytest.mark.parametrize("address", NOT_BELIEVED.values(), ids=NOT_BELIEVED.keys())
def test_an_address_that_cannot_be_the_articles_is_not(address: str) -> None:
    assert not may_be_canonical(address, OWN)


@pytest.mark.parametrize(
    "address", [None, "", "javascript:x", "http://[::1", "data:,x", "mailto:a@b.example"]
)
def test_what_cannot_be_fetched_is_no_address(address: str | None) -> None:
    assert absolute(OWN, address) is None


def test_a_relative_address_is_made_absolute_and_loses_its_fragment() -> None:
    assert absolute(OWN, " /a#b ") == "https://www.info.example/a"
