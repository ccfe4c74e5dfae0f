"""Web archives read in stretches: nothing left out, nothing twice, whatever is broken."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import os
import signal
import sqlite3
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from crawler.catalogue import Catalogue
from crawler.errors import SavedPagesError
from crawler.ingest import stretch as stretches
from crawler.ingest import warcs
from crawler.ingest.ccnews import begun_at
from crawler.ingest.ingestion import Ingested, Ingestion, Wishes
from crawler.ingest.saved import SavedPage, saved_files
from crawler.ingest.stretch import Selection, Stretched
from crawler.ingest.sweep import Sweep
from crawler.ingest.warcs import warcs_in
from crawler.source import Source
from pipelines.matching.ruleset import compile_sources
from pipelines.read import use_rules
from pipelines.workers import WorkerDiedError
from storage.archive import Archive
from storage.domains import registered_domain

HTML = "Content-Type: text/html; charset=utf-8"
ALL = Selection(everything=True, domains=None)
PREFILTERED = Selection(everything=False, domains=None)
RULES = """
[[state]]
code = "ML"
name = "Mali"
names = ["Mali"]
[[rule]]
id = "one"
strength = 3
query = "Russie"
"""


def record(
    url: str,
    body: bytes,
    *,
    kind: str = "response",
    status: str = "200 OK",
    headers: Sequence[str] = (HTML,),
    extra: Sequence[str] = (),
) -> bytes:
    http = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:1>",
        "WARC-Date: 2026-10-01T08:00:00Z",
        f"WARC-Target-URI: {url}",
        *extra,
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + http + b"\r\n\r\n"


def write(file: Path, records: Sequence[bytes]) -> Path:
    """Write records as the file's name tells: `whole` is compressed as one, `twice` twice."""
    packed = [gzip.compress(one) for one in records]
    if file.suffix == ".wacz":
        method = zipfile.ZIP_DEFLATED if file.stem == "twice" else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", method) as pack:
            pack.writestr("indexes/index.cdx", "x" * 100)
            pack.writestr("archive/data.warc.gz", b"".join(packed))
    elif file.name == "whole.warc.gz":
        file.write_bytes(gzip.compress(b"".join(records)))
    else:
        file.write_bytes(b"".join(packed if file.suffix == ".gz" else records))
    return file


def numbered(count: int, word: str = "page") -> list[bytes]:
    """Return records that compress little, so that stretches end within them."""
    noise = (os.urandom(300).hex() for _ in itertools.count())
    return [
        record(f"https://a.example/{n}", f"<p>{word} {n} {next(noise)}</p>".encode())
        for n in range(count)
    ]


class Inline:
    """Does what workers do, at once; `deadly` are bytes of which no task may read a record."""

    size = 2

    def __init__(self, *deadly: int) -> None:
        self.deadly = deadly

    async def run(self, task: Callable[..., object], *args: object, **_: object) -> object:
        done = task(*args)
        if isinstance(done, Stretched) and self._kills(done):
            raise WorkerDiedError("out of memory")
        return done

    def _kills(self, done: Stretched) -> bool:
        first = done.first
        return first is not None and any(first <= at < done.stop for at in self.deadly)


@pytest.fixture(autouse=True)
def _small_rules() -> None:
    use_rules(compile_sources((("a.toml", RULES),)))


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warcs, "STRETCH", {True: 1_500, False: 1_500})
    monkeypatch.setattr("crawler.ingest.sweep.STRETCH", {True: 1_500, False: 1_500})


def sweep(
    file: Path, selection: Selection = ALL, workers: Inline | None = None, position: int = 0
) -> tuple[list[SavedPage], Counter[str], list[str], list[int]]:
    """Return the pages of a file, what was counted, what was broken, and where it could go on."""

    async def run() -> None:
        for warc in warcs_in(file, file.parent):
            reading = Sweep(workers or Inline(), selection)  # type: ignore[arg-type]  # stands in
            async for part in reading.stretches(warc, position):
                pages.extend(part.pages)
                counts.update(part.counts)
                problems.extend(part.problems)
                stops.append(part.stop)

    pages: list[SavedPage] = []
    counts: Counter[str] = Counter()
    problems: list[str] = []
    stops: list[int] = []
    asyncio.run(run())
    return pages, counts, problems, stops


def urls(pages: Sequence[SavedPage]) -> list[str]:
    return [page.url.removeprefix("https://a.example/") for page in pages]


KINDS = ["pages.warc", "pages.warc.gz", "whole.warc.gz", "pages.wacz", "twice.wacz"]


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", KINDS)
def test_every_page_is_read_once_and_in_order(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, numbered(40))

    pages, counts, problems, stops = sweep(file)

    assert urls(pages) == [str(n) for n in range(40)]
    assert (counts, problems) == ({}, [])
    assert len(stops) > 10
    assert pages[7].body.startswith(b"<p>page 7 ")
    assert pages[7].headers == (("content-type", "text/html; charset=utf-8"),)
    assert pages[7].fetched_at.isoformat() == "2026-10-01T08:00:00+00:00"


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", KINDS)
def test_a_sweep_goes_on_from_wherever_it_stopped(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, numbered(12))
    _, _, _, stops = sweep(file)

    rests = [urls(sweep(file, position=stop)[0]) for stop in stops]

    assert all(rest == [str(n) for n in range(12)][12 - len(rest) :] for rest in rests)
    assert [len(rest) for rest in rests] == sorted((len(rest) for rest in rests), reverse=True)
    assert rests[-1] == []


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_records_within_a_page_are_no_records(tmp_path: Path, name: str) -> None:
    inner = numbered(30, "inner")
    stored = zlib.compressobj(0, wbits=31)
    held = (
        b"\r\n\r\n".join([b"", *inner])
        if name == "pages.warc"
        else b"".join(map(gzip.compress, inner))
    )
    outer = record("https://a.example/outer", b"<p>" + held + b"</p>")
    records = [*numbered(5), outer, *numbered(5)]
    file = write(tmp_path / name, records)
    if name == "pages.warc.gz":
        packed = [gzip.compress(one) for one in records]
        packed[5] = stored.compress(outer) + stored.flush()
        file.write_bytes(b"".join(packed))

    pages, counts, problems, _ = sweep(file)

    assert urls(pages) == [*"01234", "outer", *"01234"]
    assert (counts, problems) == ({}, [])


def test_a_stretch_ends_early_when_it_holds_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_MOST_HELD", 1_000)
    file = write(tmp_path / "pages.warc.gz", numbered(10))

    pages, _, _, stops = sweep(file)

    assert urls(pages) == list("0123456789")
    assert len(stops) == 5


def broken(name: str, records: list[bytes]) -> bytes:
    packed = [gzip.compress(one) for one in records]
    match name:
        case "damaged":
            packed[3] = packed[3][:150] + b"x" * 60 + packed[3][210:]
        case "gap":
            packed[3] = b"no member of a gzip file at all" * 20
        case "shortened":
            packed[3] = packed[3][:-200]
        case "cut":
            packed[-1] = packed[-1][:-200]
        case "header":
            packed[3] = gzip.compress(b"WARC/1.0\r\nContent-Length: many\r\n\r\nx\r\n\r\n")
        case "foreign":
            packed[3] = gzip.compress(b"GIF89a" * 40)
    return b"".join(packed)


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", ["damaged", "gap", "shortened", "header", "foreign"])
def test_what_is_broken_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    file = tmp_path / "pages.warc.gz"
    file.write_bytes(broken(name, numbered(8)))

    pages, counts, problems, _ = sweep(file)

    assert urls(pages) == [*"012", *"4567"]
    assert counts == {"reason/broken": 1}
    assert len(problems) == 1


@pytest.mark.parametrize("name", ["pages.warc.gz", "whole.warc.gz", "pages.warc"])
def test_a_file_that_ends_too_early_is_read_as_far_as_it_goes(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, numbered(8))
    file.write_bytes(file.read_bytes()[:-250])

    pages, counts, problems, _ = sweep(file)

    assert urls(pages) == list("0123456")
    assert counts == {"reason/truncated": 1}
    assert "cut short" in problems[0]


@pytest.mark.usefixtures("short_stretches")
def test_a_record_that_ends_its_worker_is_left_out_alone(tmp_path: Path) -> None:
    records = numbered(12)
    file = write(tmp_path / "pages.warc.gz", records)
    places = [0, *itertools.accumulate(len(gzip.compress(one)) for one in records)]

    pages, counts, problems, _ = sweep(file, workers=Inline(places[5]))

    assert urls(pages) == [str(n) for n in range(12) if n != 5]
    assert counts == {"reason/broken": 1}
    assert str(places[5]) in problems[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.wacz", b"no zip"), ("x.warc.gz", b""), ("x.warc", b"nothing of the kind")],
)
def test_a_file_that_is_no_archive_gives_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    if name == "x.wacz":
        with pytest.raises(SavedPagesError, match=r"x\.wacz: cannot be read"):
            warcs_in(file, tmp_path)
    else:
        assert sweep(file)[0] == []


PAGE = b"<p>La Russie</p>"
PACKED = gzip.compress(PAGE, mtime=0)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (record("https://a.example/1", PAGE, kind="revisit"), "reason/revisit"),
        (record("https://a.example/1", PAGE, status="404 Not Found"), "reason/status_404"),
        (record("https://a.example/1", PAGE, status="301 Moved"), "reason/status_301"),
        (
            record("https://a.example/1", PAGE, headers=["Content-Type: image/gif"]),
            "reason/not_html",
        ),
        (record("https://a.example/1", PAGE, extra=["WARC-Truncated: length"]), "reason/truncated"),
        (record("https://a.example/1", b"x" * 5_000_001), "reason/too_big"),
        (record("https://a.example/1", b"<p>Le Mali</p>"), "passed_over"),
        (record("https://b.example/1", PAGE), "other_outlets"),
        (record("dns:a.example", PAGE), "other_outlets"),
        (record("https://a.example/1", PAGE, status="what"), "reason/not_http"),
    ],
)
def test_a_record_that_gives_no_page_is_counted_by_reason(
    tmp_path: Path, one: bytes, reason: str
) -> None:
    others = [
        record("https://a.example/2", PAGE, kind="request"),
        record("https://a.example/2", PAGE, kind="metadata"),
    ]
    file = write(tmp_path / "pages.warc.gz", [*others, one])
    chosen = Selection(everything=False, domains=frozenset({"a.example"}))

    assert sweep(file, chosen)[:2] == ([], {reason: 1})


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([HTML], PAGE),
        (["Content-Type: application/xhtml+xml"], PAGE),
        ([], PAGE),
        ([HTML, "Content-Encoding: gzip"], PACKED),
        ([HTML, "Content-Encoding: gzip"], PAGE),
        ([HTML, "Transfer-Encoding: chunked"], b"7\r\n<p>La R\r\n9\r\nussie</p>\r\n0\r\n\r\n"),
        ([HTML, "Transfer-Encoding: chunked"], PAGE),
        (
            [HTML, "Transfer-Encoding: chunked", "Content-Encoding: gzip"],
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED),
        ),
    ],
    ids=[
        "html",
        "xhtml",
        "no type",
        "gzip",
        "gzip undone",
        "chunked",
        "chunked undone",
        "chunked gzip",
    ],
)
def test_a_body_is_decoded_unless_the_archive_did_so_already(
    tmp_path: Path, headers: list[str], body: bytes
) -> None:
    file = write(tmp_path / "pages.warc", [record("https://a.example/1", body, headers=headers)])

    (page,), counts, _, _ = sweep(file, PREFILTERED)

    assert page.body == PAGE
    assert counts == {}


def test_only_what_a_rule_could_flag_is_extracted(tmp_path: Path) -> None:
    records = [*numbered(3), *numbered(2, "Russie"), *numbered(3)]
    file = write(tmp_path / "pages.warc.gz", records)

    pages, counts, _, _ = sweep(file, PREFILTERED)

    assert (urls(pages), counts) == (["0", "1"], {"passed_over": 6})


@pytest.mark.parametrize(
    ("name", "begun"),
    [
        ("CC-NEWS-20231105123456-00012.warc.gz", "2023-11-05T12:34:56+00:00"),
        ("cc-news-20160826124520-00000.WARC.GZ", "2016-08-26T12:45:20+00:00"),
        ("CC-NEWS-20231305123456-00012.warc.gz", None),
        ("rec-20231105.warc.gz", None),
    ],
)
def test_names_of_cc_news_tell_when_a_file_was_begun(name: str, begun: str | None) -> None:
    found = begun_at(Path(name))

    assert (found.isoformat() if found else None) == begun


def test_files_of_cc_news_are_chosen_by_their_dates(tmp_path: Path) -> None:
    folder = tmp_path / "crawl-data" / "CC-NEWS" / "2023" / "11"
    folder.mkdir(parents=True)
    for day in (4, 5, 6):
        (folder / f"CC-NEWS-2023110{day}000000-00001.warc.gz").touch()
    (folder / "other.warc.gz").touch()

    chosen = saved_files([tmp_path]).between("2023-11-05T00:00:00Z", "2023-11-06T00:00:00Z")

    assert [file.name for file in chosen.archives] == [
        "CC-NEWS-20231105000000-00001.warc.gz",
        "other.warc.gz",
    ]
    (folder / "other.warc.gz").unlink()
    with pytest.raises(SavedPagesError, match="none of the 3 files was begun between"):
        saved_files([tmp_path]).between("2024-01-01T00:00:00Z", None)


# From here on into an archive.


def story(number: int, word: str) -> bytes:
    sentences = " ".join(
        f"Le maire de Ségou a présenté le projet numéro {n} du dossier {number}." for n in range(12)
    )
    return (
        f'<html lang="fr"><head><title>Le marché numéro {number}</title></head><body><article>'
        f"<h1>Le marché numéro {number}</h1><p>{sentences}</p><p>{word} aide le marché"
        f" {number}.</p></article></body></html>"
    ).encode()


def stories(count: int, host: str = "a.example") -> list[bytes]:
    """Return records of articles, every third of which the rules flag."""
    return [
        record(f"https://{host}/{n}", story(n, "La Russie" if n % 3 == 0 else "Le Maroc"))
        for n in range(count)
    ]


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


class Desk:
    """Ingests files into an archive, as the command does, without starting workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "vigie.db"
        self.rules = RULES

    def ingest(
        self, *names: str, everything: bool = False, known: str | None = None, again: bool = False
    ) -> Ingested:
        rules = compile_sources((("a.toml", self.rules),))
        use_rules(rules)
        home = "https://www.journal.example.com"
        feeds = {"feeds": [f"{home}/feed"]}
        sources = Catalogue([Source(slug="journal", name="J", country="ML", url=home, **feeds)])
        domains = frozenset({known}) if known else None
        archive = Archive.open(self.db)
        ingestion = Ingestion(archive, sources, rules, Inline())  # type: ignore[arg-type]
        wishes = Wishes(
            selection=Selection(everything=everything, domains=domains),
            addresses={},
            again=again,
            keep_raw="none",
        )
        read: list[int] = []
        files = saved_files([self.folder / name for name in names])
        done = ingestion.run(files, wishes, read.append)
        archive.close()
        assert sum(read) <= files.size + len(read)
        return done


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_was_passed_over_is_seen_again_under_other_rules(desk: Desk) -> None:
    write(desk.folder / "pages.warc.gz", stories(9))

    assert desk.ingest("pages.warc.gz").counts == {"stored": 3, "flagged": 3, "passed_over": 6}
    assert rows(desk.db, "select count(*) from pages") == [(3,)]
    assert rows(desk.db, "select stored, passed_over from runs") == [(3, 6)]
    assert desk.ingest("pages.warc.gz").counts == {"files_done": 1}
    assert desk.ingest("pages.warc.gz", again=True).counts == {"known": 3, "passed_over": 6}

    desk.rules = RULES.replace('"Russie"', '"Maroc"')
    assert desk.ingest("pages.warc.gz").counts == {"stored": 6, "flagged": 6, "passed_over": 3}


def test_a_file_of_which_all_was_read_needs_no_other_sweep(desk: Desk) -> None:
    write(desk.folder / "pages.warc.gz", stories(9))

    assert desk.ingest("pages.warc.gz", everything=True).counts == {"stored": 9, "flagged": 3}

    desk.rules = RULES.replace('"Russie"', '"Maroc"')
    assert desk.ingest("pages.warc.gz").counts == {"files_done": 1}


def test_all_and_the_prefilter_flag_the_same(tmp_path: Path) -> None:
    flagged = []
    for name in ("some", "all"):
        (tmp_path / name).mkdir()
        desk = Desk(tmp_path / name)
        write(desk.folder / "pages.warc.gz", stories(30))
        desk.ingest("pages.warc.gz", everything=name == "all")
        flagged.append(rows(desk.db, "select url, score, themes from flagged_articles order by 1"))

    assert flagged[0] == flagged[1]
    assert len(flagged[0]) == 10


def test_known_outlets_are_matched_by_their_domain(desk: Desk) -> None:
    outlets = [*stories(3, "presse.journal.example.com"), *stories(3, "b.example")]
    write(desk.folder / "pages.warc.gz", outlets)

    known = desk.ingest("pages.warc.gz", known=registered_domain("https://journal.example.com"))
    assert known.counts == {"stored": 1, "flagged": 1, "passed_over": 2, "other_outlets": 3}
    assert rows(desk.db, "select slug, active from sources") == [("journal", 1)]

    everywhere = desk.ingest("pages.warc.gz")
    assert everywhere.counts == {"known": 1, "stored": 1, "flagged": 1, "passed_over": 4}
    assert rows(desk.db, "select slug, active from sources order by slug") == [
        ("b_example", 0),
        ("journal", 1),
    ]


def test_a_broken_file_ends_nothing_and_a_changed_one_is_read_anew(desk: Desk) -> None:
    (desk.folder / "warcs").mkdir()
    (desk.folder / "warcs" / "a.warc.gz").write_bytes(broken("cut", stories(7)))
    (desk.folder / "warcs" / "b.wacz").write_bytes(b"no zip")
    write(desk.folder / "warcs" / "c.warc", stories(3, "c.example"))

    done = desk.ingest("warcs")

    assert done.exit_code == 1
    assert "a.warc.gz: the file ends within a record" in done.problems[0]
    assert "b.wacz: cannot be read" in done.problems[1]
    assert done.counts["stored"] == 3
    assert rows(desk.db, "select exit_code from runs") == [(1,)]
    write(desk.folder / "warcs" / "a.warc.gz", stories(7))
    (desk.folder / "warcs" / "b.wacz").unlink()
    again = desk.ingest("warcs")
    assert again.counts == {
        "stored": 1,
        "flagged": 1,
        "known": 2,
        "passed_over": 4,
        "files_done": 1,
    }
    assert again.exit_code == 0


def test_a_sweep_that_is_killed_goes_on_where_it_was(vigie) -> None:
    (vigie.folder / "rules.toml").write_text(RULES, encoding="utf-8")
    config = vigie.folder / "vigie.toml"
    config.write_text(config.read_text() + '[paths]\nrules = "rules.toml"\n', encoding="utf-8")
    records = [
        record(
            f"https://a.example/{n}",
            b"<script>%b</script>" % os.urandom(60_000).hex().encode() + story(n, "La Russie"),
        )
        for n in range(50)
    ]
    write(vigie.folder / "pages.warc.gz", records)  # of a stretch and a half
    process = vigie.start("ingest", "pages.warc.gz")
    deadline = time.monotonic() + 90
    while not (position := reached(vigie.db)) and time.monotonic() < deadline:
        time.sleep(0.01)  # another process writes what is waited for
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (stored,) = rows(vigie.db, "select count(*) from articles")[0]
    assert position
    assert 0 < stored < 50

    counts = vigie.json("ingest", "pages.warc.gz")

    assert counts["stored"] == counts["flagged"] == 50 - stored
    assert counts.get("known", 0) < stored  # what lies before the position is not read again
    assert rows(vigie.db, "select count(*), count(distinct url) from articles") == [(50, 50)]
    assert rows(vigie.db, "select done from sweeps") == [(1,)]


def reached(db: Path) -> int:
    """Return how far a running sweep has come, 0 while there is no archive."""
    try:
        return int(rows(db, "select coalesce(max(position), 0) from sweeps")[0][0])
    except sqlite3.Error:
        return 0


def test_the_command_says_what_it_passed_over_and_what_was_broken(vigie) -> None:
    (vigie.folder / "a.warc.gz").write_bytes(broken("cut", stories(4)))

    done = vigie("ingest", "--known", "a.warc.gz")

    assert done.returncode == 1
    assert "4 other outlets" in done.stdout
    assert "1   truncated" in done.stdout
    assert "a.warc.gz: the file ends within a record" in done.stderr
