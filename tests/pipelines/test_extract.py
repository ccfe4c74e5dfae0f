"""Extract: pages in the shape of the CMS of our sources, whole records compared."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from pipelines.extract import extract_article
from storage.records import Article, Page, Published, Refusal

PAGES = Path(__file__).parents[1] / "fixtures/pages"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def page(body: bytes | str, url: str = "https://info.example/a", outlet: str | None = None) -> Page:
    """Return a page as fetched."""
    raw = body if isinstance(body, bytes) else body.encode()
    return Page(source="info", url=url, queued_url=url, body=raw, fetched_at=NOW, outlet=outlet)


def read(name: str, url: str, outlet: str) -> Article:
    """Return the article of a saved page."""
    article = extract_article(page((PAGES / f"{name}.html").read_bytes(), url, outlet))
    assert isinstance(article, Article)
    return article


def refused(answer: Page) -> str:
    """Return the reason for which a page is refused."""
    refusal = extract_article(answer)
    assert isinstance(refusal, Refusal)
    return refusal.reason


def paragraphs(article: Article) -> list[str]:
    """Return the first words of each paragraph."""
    return [" ".join(line.split()[:4]) for line in article.text.split("\n")]


def without_text(article: Article) -> Article:
    """Return the article with its text left out, for comparing the rest."""
    return attrs.evolve(article, text="")


def test_a_wordpress_page_becomes_an_article() -> None:
    url = "https://www.lefleuve.example/mali-la-russie-livre-25-000-tonnes-de-ble/?utm_source=rss"
    article = read("wordpress_tagdiv", url, "Le Fleuve Info")
    assert paragraphs(article) == [
        "Le convoi de quarante",
        "« C’est un geste",
        "Selon les services de",
        "Deux autres convois sont",
    ]
    assert without_text(article) == Article(
        source="info",
        url=url,
        canonical_url="https://lefleuve.example/mali-la-russie-livre-25-000-tonnes-de-ble",
        title="Mali : la Russie livre 25 000 tonnes de blé à Bamako",
        text="",
        standfirst="Le premier convoi de céréales promis à Sotchi est arrivé jeudi à Bamako, où le ministre"
        " du Commerce a salué un « geste d’ami ».",
        authors=("Aminata Coulibaly",),
        published=Published(
            at=datetime(2026, 11, 19, 16, 14, 8, tzinfo=UTC),
            printed="2026-11-19T16:14:08+00:00",
            precision="second",
            origin="json-ld",
        ),
        modified_at=datetime(2026, 11, 19, 17, 2, 11, tzinfo=UTC),
        section="Économie",
        tags=("blé", "Mali", "Russie"),
        image="https://lefleuve.example/wp-content/uploads/2026/11/ble.jpg",
        declared_language="en-US",
    )


def test_a_spip_page_becomes_an_article() -> None:
    url = "https://fasomatinal.example/spip.php?article4512"
    article = read("spip", url, "Faso Matinal")
    assert paragraphs(article) == [
        "Le Burkina Faso et",
        "La cérémonie s’est tenue",
        "Dans l’immédiat, il s’agit",
        "« Nous n’achetons pas",
        "Au sortir de la",
    ]
    assert without_text(article) == Article(
        source="info",
        url=url,
        canonical_url=url,
        title="Coopération Burkina-Russie : Un protocole pour l’énergie nucléaire",
        text="",
        authors=("Issa Ouédraogo",),
        published=Published(
            at=datetime(2026, 11, 20, 14, 32, tzinfo=UTC),
            printed="20 novembre 2026 à 14h32",
            precision="minute",
            origin="text",
        ),
        declared_language="fr",
    )


def test_a_drupal_page_becomes_an_article() -> None:
    url = "https://oubangui.example/centrafrique-une-ecole-de-police-ouvre"
    article = read("drupal", url, "Oubangui Médias")
    assert paragraphs(article) == [
        "Bangui a inauguré jeudi",
        "Le chef de l’État,",
        "Les bâtiments ont été",
        "L’opposition demande la publication",
    ]
    assert without_text(article) == Article(
        source="info",
        url=url,
        canonical_url=url,
        title="Centrafrique : une école de police ouvre avec des instructeurs russes",
        text="",
        authors=("Grâce Ngaïssona",),
        published=Published(
            at=datetime(2026, 11, 20, 9, 5, tzinfo=UTC),
            printed="20/11/2026 - 09:05",
            precision="minute",
            origin="text",
        ),
        declared_language="fr",
    )


def test_a_joomla_page_becomes_an_article() -> None:
    url = "https://ndjamenasoir.example/index.php/actualites/diplomatie/1234-le-tchad-et-la-russie"
    article = read("joomla", url, "N’Djaména Soir")
    assert paragraphs(article) == [
        "Après six ans d’interruption,",
        "Trois dossiers sont à",
        "« Nous parlons à",
        "Le nombre de bourses",
    ]
    assert without_text(article) == Article(
        source="info",
        url=url,
        canonical_url=url,
        title="Le Tchad et la Russie relancent leur commission mixte",
        text="",
        authors=("Mahamat Abakar",),
        published=Published(
            at=datetime(2026, 11, 18, 9, 20, tzinfo=UTC),
            printed="2026-11-18T10:20:00+01:00",
            precision="second",
            origin="markup",
        ),
        declared_language="fr-fr",
    )


def test_a_page_of_tables_in_mislabelled_windows_1252_becomes_an_article() -> None:
    body = (PAGES / "custom_table.html").read_text().encode("cp1252")
    article = extract_article(page(body, "http://portdelome.example/article.php?id=77"))
    assert isinstance(article, Article)
    assert article.title == "Lomé reçoit une délégation du port de Saint-Pétersbourg"
    assert paragraphs(article) == [
        "Une délégation de l’autorité",
        "Les deux ports étudient",
        "Une seconde rencontre est",
    ]
    assert article.published is not None
    assert (article.published.printed, article.published.origin) == ("02/11/2026", "text")


def test_todays_date_and_a_copyright_date_no_article() -> None:
    assert (
        read("no_date", "https://conakry.example/centre-culturel", "Conakry Demain").published
        is None
    )


def test_the_date_the_feed_announced_is_used_where_the_page_has_none() -> None:
    answer = page((PAGES / "no_date.html").read_bytes())
    article = extract_article(attrs.evolve(answer, published_hint="Fri, 20 Nov 2026 14:32:05 GMT"))
    assert isinstance(article, Article)
    assert article.published == Published(
        at=datetime(2026, 11, 20, 14, 32, 5, tzinfo=UTC),
        printed="Fri, 20 Nov 2026 14:32:05 GMT",
        precision="second",
        origin="feed",
    )


def test_a_page_behind_a_paywall_is_partial_and_loses_its_appeal() -> None:
    article = read("paywall", "https://libreville.example/gabon", "Libreville Éco")
    assert (article.title, article.partial) == ("Gabon : le pari minier de Moscou", True)
    assert article.authors == ("Paul Mba", "Rose Ondo")
    assert paragraphs(article) == ["À Moanda, les géologues"]


REFUSED = {
    "no content": (b"", "empty"),
    "white space": (b"  \n", "empty"),
    "picture": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9, "not_html"),
    "PDF": (b"%PDF-1.7 <html>", "not_html"),
    "noise": (bytes(range(128, 256)) * 90, "not_html"),
    "JSON": (b'{"title": "Mali"}', "not_html"),
    "feed": (b"<?xml version='1.0'?><rss><channel><item/></channel></rss>", "not_html"),
    "nothing on the page": (b"<html><body></body></html>", "extract_short"),
    "only a title": (
        b"<html><head><title>Le port de Kribi</title></head><body></body></html>",
        "extract_short",
    ),
    "short text without a title": (b"<html><body><p>Bonjour.</p></body></html>", "extract_short"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_article_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    assert refused(page(body)) == reason


@pytest.mark.parametrize(
    ("name", "reason"), [("no_such_page", "soft_404"), ("challenge", "challenge")]
)
def test_a_page_that_only_seems_to_be_one_is_refused(name: str, reason: str) -> None:
    assert refused(page((PAGES / f"{name}.html").read_bytes(), outlet="Le Fleuve Info")) == reason


def test_a_lost_article_that_leads_to_the_front_page_is_refused() -> None:
    answer = page((PAGES / "section.html").read_bytes(), "https://info.example/")
    assert refused(attrs.evolve(answer, queued_url="https://info.example/ble")) == "listing"


def test_a_refusal_names_the_page_that_was_queued() -> None:
    answer = attrs.evolve(page(b""), queued_url="https://info.example/?p=1", status=203)
    assert extract_article(answer) == Refusal(
        source="info", queued_url="https://info.example/?p=1", reason="empty", status=203
    )


def article_html(title: str, *lines: str) -> str:
    """Return a plain page."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"


LINE = "Le convoi de quarante camions est entré dans la capitale jeudi, après {} jours de route. "


def test_an_article_about_a_404_is_no_missing_page() -> None:
    lines = [LINE.format(n) * 3 for n in range(8)]
    assert isinstance(
        extract_article(page(article_html("À la recherche du vol 404", *lines))), Article
    )


def test_titles_and_texts_are_cut_at_their_limits() -> None:
    lines = [LINE.format(n) * 40 for n in range(70)]
    article = extract_article(page(article_html("Mali " * 1_000_000, *lines)))
    assert isinstance(article, Article)
    assert len(article.title) <= 500
    assert 190_000 <= len(article.text) <= 200_000


def test_invisible_and_hostile_characters_do_not_reach_the_text() -> None:
    body = article_html(
        "Ru\u00adssie\x00 \u202eet Mali", LINE.format("hu\u200bit") * 4, LINE.format(9) * 3
    )
    article = extract_article(page(body.replace("convoi", "con\x07voi")))
    assert isinstance(article, Article)
    assert article.title == "Russie et Mali"
    assert "Le convoi de quarante" in article.text
    assert "huit jours" in article.text


def test_a_text_encoded_twice_is_mended() -> None:
    twice = (
        article_html("L’été à Thiès", LINE.format("près d’une dizaine de") * 4)
        .encode()
        .decode("cp1252", "ignore")
    )
    article = extract_article(page(twice))
    assert isinstance(article, Article)
    assert article.title == "L’été à Thiès"
