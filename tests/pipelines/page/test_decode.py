"""Decode: whatever the label, the text comes out as it was written."""

from __future__ import annotations

import codecs

import pytest

from pipelines.page.decode import as_utf8, decode, mend

TEXT = "« L’été dernier, le Sénégal a reçu 25 000 tonnes de blé », où l’œuvre s’arrête à 10 €."


def html(label: str | None) -> str:
    """Return a page with our text that declares a charset."""
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head>{meta}<title>Blé</title></head><body><p>{TEXT}</p></body></html>"


UTF8, CP1252 = "text/html; charset=utf-8", "text/html; charset=windows-1252"

CASES = {
    "UTF-8 as labelled": (html("utf-8").encode(), UTF8),
    "UTF-8 without a label": (html(None).encode(), None),
    "UTF-8 with a mark": (codecs.BOM_UTF8 + html(None).encode(), None),
    "UTF-8 labelled Latin-1": (html("iso-8859-1").encode(), "text/html; charset=iso-8859-1"),
    "UTF-8 labelled UTF-7": (html("utf-7").encode(), None),
    "UTF-8 labelled with an unknown word": (html("francais").encode(), "text/html; charset=x"),
    "cp1252 as labelled": (html("windows-1252").encode("cp1252"), CP1252),
    "cp1252 labelled UTF-8 in the header": (html(None).encode("cp1252"), UTF8),
    "cp1252 labelled UTF-8 in the page": (html("utf-8").encode("cp1252"), None),
    "cp1252 labelled UTF-8 in both": (html("utf-8").encode("cp1252"), UTF8),
    "cp1252 labelled Latin-1": (html("iso-8859-1").encode("cp1252"), None),
    "cp1252 without a label": (html(None).encode("cp1252"), None),
    "UTF-16 with a mark": (html(None).encode("utf-16"), None),
    "UTF-16 without a mark": (html(None).encode("utf-16-le"), None),
    "UTF-16 the other way round": (html(None).encode("utf-16-be"), None),
    "cp1252 feed labelled UTF-8": (
        f'<?xml version="1.0" encoding="utf-8"?><rss><title>{TEXT}</title></rss>'.encode("cp1252"),
        "application/rss+xml",
    ),
}


@pytest.mark.parametrize(("body", "content_type"), CASES.values(), ids=CASES.keys())
def test_the_text_equals_the_original(body: bytes, content_type: str | None) -> None:
    assert TEXT in decode(body, content_type)


@pytest.mark.parametrize(("body", "content_type"), CASES.values(), ids=CASES.keys())
def test_the_same_in_utf8_is_what_is_decoded(body: bytes, content_type: str | None) -> None:
    assert as_utf8(body, content_type).decode() == decode(body, content_type)


def test_one_broken_byte_costs_one_character_and_not_the_page() -> None:
    body = html("utf-8").encode().replace("où".encode(), b"o\xf9")
    assert TEXT in decode(body, UTF8)


def test_a_declared_other_alphabet_is_read() -> None:
    body = '<meta charset="windows-1251"><p>Россия и Африка</p>'.encode("windows-1251")
    assert "Россия и Африка" in decode(body, None)


def test_a_declaration_far_into_the_page_does_not_count() -> None:
    body = b"<p>" + b" " * 5000 + '<meta charset="windows-1251"><p>été</p>'.encode("cp1252")
    assert "été" in decode(body, None)


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xff", b"\xff\xfe\x00", bytes(range(256)) * 40])
def test_any_bytes_are_decoded(body: bytes) -> None:
    assert isinstance(decode(body, "text/html; charset=\x00;"), str)


def test_text_encoded_twice_is_mended() -> None:
    twice = "L’été à Thiès".encode().decode("cp1252")
    assert mend(twice) == "L’été à Thiès"


@pytest.mark.parametrize("text", [TEXT, "SÃO TOMÉ : À BIENTÔT", "L'Â me", "âgé", "Ã la carte"])
def test_sound_text_is_not_touched(text: str) -> None:
    assert mend(text) == text
