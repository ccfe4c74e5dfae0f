"""Saved pages through the real command, on pages of our own and on real ones."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from crawler.errors import SavedPagesError
from crawler.saved import read_addresses, saved_pages

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
real_pages = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not on this machine")
BODY = "<html><head>{head}</head><body><h1>Titre</h1><p>Texte</p></body></html>"


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def warc(*pages: tuple[str, str]) -> bytes:
    records = []
    for url, body in pages:
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
            f"WARC-Date: 2026-10-01T08:00:00Z\r\nWARC-Target-URI: {url}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


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

    (page,) = saved_pages([tmp_path], {})

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


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz", "pages.wacz"])
def test_archives_of_the_web_are_read(tmp_path: Path, name: str) -> None:
    content = warc(("https://a.example/1", "<p>un</p>"), ("https://a.example/2", "<p>deux</p>"))
    file = tmp_path / name
    if name.endswith("wacz"):
        with zipfile.ZipFile(file, "w") as pack:
            pack.writestr("archive/data.warc.gz", gzip.compress(content))
    else:
        file.write_bytes(gzip.compress(content) if name.endswith("gz") else content)

    pages = list(saved_pages([file], {}))

    assert [(page.url, page.body) for page in pages] == [
        ("https://a.example/1", b"<p>un</p>"),
        ("https://a.example/2", b"<p>deux</p>"),
    ]
    assert pages[0].fetched_at.isoformat() == "2026-10-01T08:00:00+00:00"


def test_a_folder_without_pages_and_a_broken_archive_are_named(tmp_path: Path) -> None:
    with pytest.raises(SavedPagesError, match=r"no \.html"):
        list(saved_pages([tmp_path], {}))
    (tmp_path / "x.wacz").write_bytes(b"no zip")
    with pytest.raises(SavedPagesError, match=r"x\.wacz: cannot be read"):
        list(saved_pages([tmp_path], {}))


def test_a_page_ingested_twice_is_known(vigie, tmp_path: Path) -> None:
    text = " ".join(f"Le maire de Ségou a présenté le projet numéro {n}." for n in range(40))
    page = f"<html lang=fr><link rel='canonical' href='https://a.example/marche-de-segou'><body><article><h1>Le marché de Ségou</h1><p>{text}</p></article></body></html>"
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text(page, encoding="utf-8")

    assert vigie.json("ingest", "pages") == {"stored": 1}
    assert vigie.json("ingest", "pages") == {"known": 1}
    assert rows(vigie.db, "select command, exit_code, stored from runs") == [
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
    dates = dict(rows(vigie.db, "select url, substr(published_at, 1, 10) from articles"))
    printed = dict(rows(vigie.db, "select url, substr(published_printed, 1, 10) from articles"))
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
        for url, text in rows(
            vigie.db,
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
