"""Records of web archives: which of them give a page, and what its body is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from warc_files import HTML, RULES, numbered, record, sweep, urls, write

from crawler.ingest.stretch import Selection
from pipelines.matching.ruleset import compile_sources
from pipelines.read import use_rules

PREFILTERED = Selection(everything=False, domains=None)
PAGE = b"<p>La Russie</p>"
PACKED = gzip.compress(PAGE, mtime=0)


@pytest.fixture(autouse=True)
def _small_rules() -> None:
    use_rules(compile_sources((("a.toml", RULES),)))


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
