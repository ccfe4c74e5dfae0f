"""Urls: which addresses are one, and which may be fetched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.urls import MAX_LENGTH, canonical_url, host_of, is_fetchable, site_of

SAME = {
    "tracker family": (
        "https://info.example/a?utm_source=rss&utm_medium=x",
        "https://info.example/a",
    ),
    "tracker among keys": ("https://info.example/?p=12&fbclid=abc", "https://info.example/?p=12"),
    "tracker in capitals": ("https://info.example/a?UTM_Source=x", "https://info.example/a"),
    "xtor": ("https://info.example/a#xtor=RSS-1", "https://info.example/a?xtor=RSS-1"),
    "fragment": ("https://info.example/a#commentaires", "https://info.example/a"),
    "scheme": ("http://info.example/a", "https://info.example/a"),
    "www": ("https://www.info.example/a", "https://info.example/a"),
    "capital host": ("https://INFO.example/a", "https://info.example/a"),
    "default port": ("http://info.example:80/a", "https://info.example:443/a"),
    "trailing slash": ("https://info.example/a/", "https://info.example/a"),
    "no path": ("https://info.example", "https://info.example/"),
    "order of the query": ("https://info.example/?b=2&a=1", "https://info.example/?a=1&b=2"),
    "accents": ("https://info.example/é", "https://info.example/%C3%A9"),
    "case of an escape": ("https://info.example/%c3%a9", "https://info.example/%C3%A9"),
    "empty value": ("https://info.example/?article12=", "https://info.example/?article12"),
    "session in the path": ("https://info.example/a;jsessionid=1F", "https://info.example/a"),
    "session before the path": (
        "https://info.example/(S(lit3py55t21z5v55vlm25s55))/a.aspx",
        "https://info.example/a.aspx",
    ),
    "international host": ("https://sénégal.example/a", "https://xn--sngal-bsab.example/a"),
    "white space around": (" https://info.example/a\n", "https://info.example/a"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_addresses_of_one_document_have_one_identity(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


DIFFERENT = {
    "SPIP articles": (
        "https://info.example/spip.php?article123456",
        "https://info.example/spip.php?article123457",
    ),
    "SPIP article and rubric": (
        "https://info.example/spip.php?article12",
        "https://info.example/spip.php?rubrique12",
    ),
    "WordPress numbers": ("https://info.example/?p=123", "https://info.example/?p=124"),
    "Joomla items": ("https://info.example/index.php?id=5", "https://info.example/index.php?id=6"),
    "paths": ("https://info.example/a", "https://info.example/b"),
    "subdomains": ("https://fr.info.example/a", "https://info.example/a"),
    "case of a path": ("https://info.example/Mali", "https://info.example/mali"),
    "repeated keys": ("https://info.example/?t=a&t=b", "https://info.example/?t=a"),
    "other ports": ("https://info.example:8080/a", "https://info.example/a"),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_addresses_of_different_documents_stay_distinct(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_a_spip_address_keeps_its_number() -> None:
    address = "http://www.info.example/spip.php?article123456&utm_source=x"
    assert canonical_url(address) == "https://info.example/spip.php?article123456"


GARBAGE = [
    "",
    "article",
    "http://",
    "http://[::1",
    "http://..",
    "https://info.example:99999/",
    "https://info.example:a/",
    "javascript:alert(1)",
    "mailto:redaction@info.example",
    "file:///etc/passwd",
    "http:///chemin",
    "http://" + "a" * 300 + ".example/",
]


@pytest.mark.parametrize("address", GARBAGE)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    assert not is_fetchable(address)
    with pytest.raises(ValueError, match=r"."):
        canonical_url(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://lecteur:secret@info.example/",
        "https://info.example/" + "a" * MAX_LENGTH,
        "https://info.example/\x00",
        "https://info.example/a\nb",
    ],
    ids=["user and password", "too long", "NUL", "line break"],
)
def test_an_address_that_is_a_trap_is_not_fetched(address: str) -> None:
    assert not is_fetchable(address)


def test_an_ordinary_address_is_fetched() -> None:
    assert is_fetchable("http://www.info.example:8080/spip.php?article12#forum")


def test_the_host_is_lower_case_and_without_port() -> None:
    assert host_of("https://WWW.Info.example:8080/a") == "www.info.example"
    assert site_of("https://WWW.Info.example:8080/a") == "info.example"


HOSTS = st.from_regex(r"(www\.)?[a-z]{1,8}\.example(:[0-9]{1,4})?", fullmatch=True)
TAILS = st.text(st.characters(max_codepoint=0x2FFF), max_size=40)


@given(HOSTS, TAILS)
def test_an_identity_is_its_own_identity(host: str, tail: str) -> None:
    identity = canonical_url(f"http://{host}/{tail}")
    assert canonical_url(identity) == identity


@given(HOSTS, st.from_regex(r"/[a-z%0-9;=&?/_.~+!-]{0,40}", fullmatch=True))
def test_an_identity_of_odd_ascii_is_its_own_identity(host: str, tail: str) -> None:
    identity = canonical_url(f"http://{host}{tail}")
    assert canonical_url(identity) == identity


@given(st.text(max_size=80))
def test_garbage_raises_nothing_but_value_errors(text: str) -> None:
    for address in (text, f"http://{text}", f"https://info.example/{text}"):
        try:
            identity = canonical_url(address)
        except ValueError:
            assert not is_fetchable(address)
        else:
            assert identity.startswith("https://")
