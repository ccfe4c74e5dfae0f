"""Saved pages through the real command, on pages of our own and on real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.errors import SavedPagesError
from crawler.ingest.saved import read_addresses, saved_files, saved_pages

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
real_pages = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not on this machine")
BODY = "<html><head>{head}</head><body><h1>Titre</h1><p>Texte</p></body></html>"


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("<link rel='canonical' href='https://a.example/x'>", "https://a.example/x"),
        ('<link href="https://a.example/y" rel="canonical">', "https://a.example/y"),
        ('<meta property="og:url" content="https://a.example/z">', "https://a.example/z"),
        ("<link rel='canonical' href='/relative'>", "https://page"),
        ("", "https://page"),
    ],
)
def test_a_saved_page_has_the_address_it_prints(tmp_path: Path, head: str, address: str) -> None:
    (tmp_path / "page.html").write_text(BODY.format(head=head), encoding="utf-8")

    (page,) = saved_pages([tmp_path / "page.html"], {})

    assert page.url == address


def test_addresses_are_read_in_both_shapes(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(
        json.dumps(
            {"https://a.example/1": {"file": "html/one.html"}, "two.html": "https://a.example/2"}
        ),
        encoding="utf-8",
    )

    assert read_addresses(file) == {
        "one.html": "https://a.example/1",
        "two.html": "https://a.example/2",
    }


def test_a_folder_without_pages_is_named(tmp_path: Path) -> None:
    with pytest.raises(SavedPagesError, match=r"no \.html"):
        saved_files([tmp_path])


def test_files_of_one_page_and_of_many_are_told_apart(tmp_path: Path) -> None:
    names = ["a.html", "b.WARC.GZ", "c.warc", "d.wacz", "e.txt", "f.HTM"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")

    files = saved_files([tmp_path])

    assert [file.name for file in files.pages] == ["a.html", "f.HTM"]
    assert [file.name for file in files.archives] == ["b.WARC.GZ", "c.warc", "d.wacz"]
    assert (files.size_of_pages, files.size) == (2, 5)


def test_a_page_ingested_twice_is_known(vigie, tmp_path: Path) -> None:
    text = " ".join(f"Le maire de Ségou a présenté le projet numéro {n}." for n in range(40))
    page = f"<html lang=fr><link rel='canonical' href='https://a.example/marche-de-segou'><body><article><h1>Le marché de Ségou</h1><p>{text}</p></article></body></html>"
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text(page, encoding="utf-8")

    assert vigie.json("ingest", "pages") == {"stored": 1}
    assert vigie.json("ingest", "pages") == {"known": 1}
    assert vigie.rows("select command, exit_code, stored from runs") == [
        ("ingest", 0, 1),
        ("ingest", 0, 0),
    ]


@real_pages
def test_dates_of_real_pages_are_right_to_the_day(vigie) -> None:
    gold = json.loads((DATA / "htmldate_fr" / "dates_fr.json").read_text(encoding="utf-8"))

    counts = vigie.json(
        "ingest",
        str(DATA / "htmldate_fr" / "html"),
        "--addresses",
        str(DATA / "htmldate_fr" / "dates_fr.json"),
    )

    assert counts["stored"] + counts.get("refused", 0) == 41
    dates = dict(vigie.rows("select url, substr(published_at, 1, 10) from articles"))
    printed = dict(vigie.rows("select url, substr(published_printed, 1, 10) from articles"))
    wrong = {
        url: (dates.get(url), entry["date"])
        for url, entry in gold.items()
        if entry["date"] not in (dates.get(url), printed.get(url))
    }
    assert len(wrong) <= 41 - 37, wrong


@real_pages
def test_texts_of_real_pages_hold_what_they_should(vigie) -> None:
    gold = json.loads((DATA / "trafilatura_fr" / "evaldata_fr.json").read_text(encoding="utf-8"))
    sidecar = vigie.folder / "addresses.json"
    sidecar.write_text(
        json.dumps({entry["file"]: url for url, entry in gold.items()}), encoding="utf-8"
    )

    vigie.json("ingest", str(DATA / "trafilatura_fr" / "html"), "--addresses", str(sidecar))

    texts = {
        url: " ".join(str(text).split())
        for url, text in vigie.rows(
            "select url, title || char(10) || coalesce(standfirst, '') || char(10) || text from articles",
        )
    }

    def found(kind: str) -> int:
        return sum(
            " ".join(words.split()) in texts.get(url, "")
            for url, entry in gold.items()
            for words in entry[kind]
        )

    assert sum(len(entry["with"]) for entry in gold.values()) == 76
    assert found("with") >= 72
    assert found("without") <= 8


@pytest.mark.parametrize("text", ["[1]", "null", '{"a.html": 3}', '{"https://a.example": {}}', "{"])
def test_addresses_in_another_form_are_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "addresses.json").write_text(text, encoding="utf-8")

    with pytest.raises(SavedPagesError, match=r"addresses\.json: is no JSON such as"):
        read_addresses(tmp_path / "addresses.json")
