"""The catalogue that is shipped: which sites are in it, and what it says of them."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from crawler.catalogue import SHIPPED, load_catalogue

SOURCES_CSV = Path(__file__).parents[2].parent / "shared" / "data" / "sources.csv"


@pytest.mark.skipif(not SOURCES_CSV.exists(), reason="../shared/data is not there")
def test_every_site_of_the_compiled_list_is_shipped() -> None:
    with SOURCES_CSV.open(encoding="utf-8", newline="") as file:
        domains = [row["domain"] for row in csv.DictReader(file)]
    catalogue = load_catalogue()

    missing = [d for d in domains if d.replace(".", "_").replace("-", "_") not in catalogue]

    assert (len(domains), missing) == (242, [])


@pytest.mark.skipif(not SOURCES_CSV.exists(), reason="../shared/data is not there")
def test_a_feed_that_a_list_checked_comes_first() -> None:
    with SOURCES_CSV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    catalogue = load_catalogue()
    checked = {
        row["domain"].replace(".", "_").replace("-", "_"): row["feeds_checked_by_a_list_author"]
        for row in rows
        if row["feeds_checked_by_a_list_author"]
    }

    first = {slug: catalogue[slug].feeds[0] for slug in checked}

    assert first == {slug: note.split(" ")[0] for slug, note in checked.items()}


def test_the_shipped_catalogue_is_large_and_french() -> None:
    catalogue = load_catalogue()

    assert len(catalogue) >= 242
    assert {s.slug for s in catalogue.values() if s.language != "fr"} == {"tass_com"}


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_a_shipped_file_holds_one_country_sorted_by_slug(file: Path) -> None:
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["source"]

    slugs = [known["slug"] for known in entries]

    assert slugs == sorted(slugs)
    assert {known.get("country", "PAN").lower() for known in entries} == {file.stem}


def test_outlets_of_the_russian_state_and_its_networks_are_labelled() -> None:
    labelled = {s.slug: s.alignment for s in load_catalogue().values() if s.alignment}

    assert labelled == {
        "afrinz_ru": "russian_network",
        "fr_sputniknews_africa": "russian_state",
        "francais_news_pravda_com": "russian_network",
        "francais_rt_com": "russian_state",
        "tass_com": "russian_state",
    }


def test_sources_that_cannot_yield_french_news_are_not_active() -> None:
    asleep = {s.slug for s in load_catalogue().values() if not s.active}

    assert asleep == {"22septembre_com", "phileingora_com", "tass_com", "voaafrique_com"}
