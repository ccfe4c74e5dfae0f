"""The catalogue: what an entry says, what is refused, and what is selected."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.catalogue import Catalogue, CatalogueError, load_catalogue
from crawler.source import Source

GUIDE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"

ENTRY = {
    "slug": "abidjan_matin",
    "name": "Abidjan Matin",
    "country": "CI",
    "url": "https://abidjan-matin.example/",
}


def entry(**changes: object) -> str:
    """Return one [[source]] as TOML; a value of None leaves the key out."""
    keys = {key: value for key, value in {**ENTRY, **changes}.items() if value is not None}
    return "[[source]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in keys.items())


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(_toml(item) for item in value)}]"
        case str():
            return f'"{value}"'
    return str(value)


def write(folder: Path, text: str, name: str = "ci.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(path: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(path)
    return str(caught.value).splitlines()


def test_an_entry_with_only_the_needed_keys_gets_the_defaults(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, entry()))

    assert catalogue["abidjan_matin"].model_dump() == {
        **ENTRY,
        "scope": None,
        "language": "fr",
        "spider": "feed",
        "feeds": (),
        "sitemaps": (),
        "sections": (),
        "outlet": "press",
        "ownership": None,
        "alignment": None,
        "cms": None,
        "delay": None,
        "min_per_week": None,
        "active": True,
        "verify_tls": True,
        "read_feeds": "first",
        "note": None,
    }


def test_feeds_keep_their_order_of_trust(tmp_path: Path) -> None:
    feeds = ["https://b.example/rss", "https://a.example/spip.php?page=backend"]

    catalogue = load_catalogue(write(tmp_path, entry(feeds=feeds)))

    assert catalogue["abidjan_matin"].feeds == tuple(feeds)


def test_the_home_page_is_the_section_page_where_no_section_is_named(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, entry()))

    assert catalogue["abidjan_matin"].section_pages == ("https://abidjan-matin.example/",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            {"spider": "fedd"}, "spider 'fedd' is not one of feed, listing, sitemap", id="spider"
        ),
        pytest.param(
            {"outlet": "blog"},
            "outlet 'blog' is not one of aggregator, agency, factcheck, portal, press, radio, state, tv",
            id="outlet",
        ),
        pytest.param(
            {"alignment": "neutral"},
            "alignment 'neutral' is not one of russian_network, russian_state",
            id="alignment",
        ),
        pytest.param(
            {"feed": "https://x.example"}, "unknown key 'feed'; did you mean feeds?", id="typo"
        ),
        pytest.param({"zzz": 1}, "unknown key 'zzz'", id="unknown key"),
        pytest.param({"name": None}, "name is missing", id="no name"),
        pytest.param(
            {"country": "Mali"}, "country 'Mali' is not two capital letters (ISO 3166-1)", id="code"
        ),
        pytest.param(
            {"country": None}, 'needs either a country or scope = "panafrican"', id="nowhere"
        ),
        pytest.param(
            {"scope": "panafrican"}, 'needs either a country or scope = "panafrican"', id="both"
        ),
        pytest.param(
            {"url": "ftp://x.example"},
            "url 'ftp://x.example' is not an http or https address",
            id="scheme",
        ),
        pytest.param(
            {"url": "https://u:p@x.example"},
            "url 'https://u:p@x.example' is not an http or https address",
            id="password in the address",
        ),
        pytest.param(
            {"feeds": ["https://x.example:99999/rss"]},
            "feeds 'https://x.example:99999/rss' is not an http or https address",
            id="port",
        ),
        pytest.param(
            {"delay": -1}, "delay -1: input should be greater than 0", id="negative delay"
        ),
        pytest.param({"active": "no"}, "active 'no': input should be a valid boolean", id="type"),
        pytest.param(
            {"feeds": "https://x.example"},
            "feeds 'https://x.example': input should be a valid tuple",
            id="text for a list",
        ),
        pytest.param(
            {"name": " "}, "name ' ' is not one line of text without spaces around it", id="blank"
        ),
    ],
)
def test_a_wrong_entry_is_refused_by_file_slug_and_reason(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    file = write(tmp_path, entry(**changes))

    assert problems(file) == [f"ci.toml: abidjan_matin: {reason}"]


def test_an_entry_without_a_slug_is_named_by_its_number(tmp_path: Path) -> None:
    file = write(tmp_path, entry() + entry(slug=None))

    assert problems(file) == ["ci.toml: source 2: slug is missing"]


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, entry(slug="Matin", name=None), "ci.toml")
    write(tmp_path, entry(slug="le_soir", min_per_week=0), "ml.toml")

    assert problems(tmp_path) == [
        "ci.toml: Matin: slug 'Matin' is not small letters, digits and underscores",
        "ci.toml: Matin: name is missing",
        "ml.toml: le_soir: min_per_week 0: input should be greater than or equal to 1",
    ]


def test_one_slug_in_two_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, entry(), "ci.toml")
    write(tmp_path, entry(name="Autre"), "ml.toml")

    assert problems(tmp_path) == ["ml.toml: abidjan_matin: slug is taken already, in ci.toml"]


def test_two_sources_on_one_host_are_allowed(tmp_path: Path) -> None:
    file = write(tmp_path, entry() + entry(slug="abidjan_soir"))

    assert list(load_catalogue(file)) == ["abidjan_matin", "abidjan_soir"]


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, '[[source]]\nslug = "a\n')

    [line] = problems(file)

    assert line.startswith("ci.toml: is not valid TOML: ")
    assert "line 2" in line


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ci.toml"
    file.write_bytes('name = "Séra"'.encode("cp1252"))

    assert problems(file) == ["ci.toml: is not UTF-8 text (byte 9)"]


@pytest.mark.parametrize("text", ["", "source = 3\n", "source = []\n"])
def test_a_file_without_sources_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(write(tmp_path, text)) == ["ci.toml: no [[source]] in it"]


def test_a_source_that_is_no_table_is_refused(tmp_path: Path) -> None:
    [line] = problems(write(tmp_path, 'source = ["abidjan_matin"]\n'))

    assert line.startswith("ci.toml: source 1: entry 'abidjan_matin': ")


def test_a_misspelt_table_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, entry() + "[[sources]]\n")

    assert problems(file) == ["ci.toml: unknown key 'sources' outside of [[source]]"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"

    assert problems(file) == [f"{file}: cannot be read: No such file or directory"]


def test_a_folder_without_toml_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path}: no .toml file in this folder"]


def source(slug: str, **facts: object) -> Source:
    place = {} if "scope" in facts else {"country": "ML"}
    known = {"slug": slug, "name": slug.title(), "url": f"https://{slug}.example", **place}
    return Source.model_validate({**known, **facts})


THREE = Catalogue(
    [
        source("niamey", country="NE"),
        source("bamako"),
        source("kayes", active=False),
        source("partout", scope="panafrican"),
    ]
)


@pytest.mark.parametrize(
    ("slugs", "countries", "selected"),
    [
        pytest.param((), (), ["bamako", "niamey", "partout"], id="the active ones by default"),
        pytest.param(("kayes",), (), ["kayes"], id="a named one even if not active"),
        pytest.param((), ("ml",), ["bamako"], id="the active ones of a country"),
        pytest.param((), ("PAN",), ["partout"], id="panafrican"),
        pytest.param(("kayes",), ("NE",), ["kayes", "niamey"], id="named ones and a country"),
    ],
)
def test_sources_are_selected_in_the_order_of_their_slugs(
    slugs: tuple[str, ...], countries: tuple[str, ...], selected: list[str]
) -> None:
    assert [found.slug for found in THREE.select(slugs, countries)] == selected


def test_unknown_slugs_and_countries_are_refused_with_advice() -> None:
    with pytest.raises(CatalogueError) as caught:
        THREE.select(["bamaco", "xyz"], ["FR"])

    assert str(caught.value).splitlines() == [
        "no source is called 'bamaco'; did you mean bamako?",
        "no source is called 'xyz'; see `vigie sources list`",
        "no source of country 'FR'; there are ML, NE, PAN",
    ]


def test_every_key_of_an_entry_is_documented() -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    assert [key for key in Source.model_fields if f"| `{key}` |" not in guide] == []
