"""Metadata: what a page says of its article outside of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs

from pipelines.page.addresses import absolute, may_be_canonical
from pipelines.page.dates import DateClaim
from pipelines.page.head import Head, read_head
from pipelines.page.jsonld import first_text, texts, types_of
from pipelines.page.markup import Tree, words_of
from pipelines.page.names import author_names, bylines
from pipelines.page.titles import best_headline, key_of, without_outlet
from storage.cleaning import clean_line
from storage.urls import site_of

MAX_TITLE = 500
MAX_NAME = 200
MAX_TAGS = 30
MAX_STANDFIRST = 2000

_MAX_HEADINGS = 30

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "date:published_time",
    "parsely-pub-date", "publishdate", "pubdate", "publish-date", "sailthru.date", "dcterms.created",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dc:date.created", "dcterms.date",
    "dc.date", "dc:date", "citation_publication_date", "citation_date", "bepress_citation_date",
    "datecreated", "date",
)  # fmt: skip
"""Names under which pages give the publication date, the surest first, in lower case."""

_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
)

_AUTHORS = (
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
)

_NO_SECTION = frozenset(
    {"accueil", "home", "alaune", "une", "nonclasse", "uncategorized", "noncategorise"}
)
"""Names of sections that say nothing, folded."""


@attrs.frozen(kw_only=True)
class Metadata:
    """What a page says of its article; the title and the rest are clean and within their limits."""

    title: str | None = None
    heading: Tree | None = None
    """The element in which the title is printed."""
    description: str | None = None
    """What the page gives as its summary; whether it is a standfirst depends on the text."""
    authors: tuple[str, ...] = ()
    published: tuple[DateClaim, ...] = ()
    modified: tuple[DateClaim, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    canonical: str | None = None
    """The canonical address that the page names, if it can be believed."""
    declared_language: str | None = None
    paywalled: bool = False


def read_metadata(tree: Tree, url: str, outlet: str | None) -> Metadata:
    """Return what the page says of its article. `url` is the address it was fetched from."""
    head = read_head(tree, url)
    title, heading = _title(head, outlet)
    names = _outlet_names(head, outlet)
    return Metadata(
        title=title,
        heading=heading,
        description=_description(head),
        authors=author_names(_credited(head), names) or author_names(bylines(heading), names),
        published=tuple(_claims(head, _PUBLISHED, ("datePublished", "dateCreated"))),
        modified=tuple(_claims(head, _MODIFIED, ("dateModified",))),
        section=_section(head),
        tags=_tags(head),
        image=_image(head),
        canonical=_canonical(head),
        declared_language=_language(head),
        paywalled=_is_paywalled(head),
    )


def _outlet_names(head: Head, outlet: str | None) -> tuple[str, ...]:
    """Return the names by which the outlet may call itself in its titles."""
    host = site_of(head.url)
    label = host.partition(".")[0]
    names = [
        outlet,
        head.meta("og:site_name", "application-name"),
        first_text(head.article, "publisher"),
        host,
        label,
    ]
    names += [
        first_text(node, "name")
        for node in head.nodes
        if types_of(node) & {"organization", "newsmediaorganization", "website"}
    ]
    return tuple(name for name in names if name)


def _title(head: Head, outlet: str | None) -> tuple[str | None, Tree | None]:
    names = _outlet_names(head, outlet)
    elements = [*head.elements["h1"], *head.elements["h2"]][:_MAX_HEADINGS]
    declared = (
        first_text(head.article, "headline"),
        head.meta("og:title"),
        head.meta("twitter:title"),
        _declared_title(head),
        first_text(head.article, "name"),
    )
    claims = [_clean_title(text, names) for text in declared if text]
    found = best_headline([_clean_title(words_of(element), names) for element in elements], claims)
    if found is None:
        return None, None
    return found.text, _heading(head) if found.heading is None else elements[found.heading]


def _declared_title(head: Head) -> str | None:
    """Return the page's `title`; pictures have one too."""
    titles = (title for title in head.elements["title"] if title.getparent().tag == "head")
    return next((title.text for title in titles), None)


def _heading(head: Head) -> Tree | None:
    """Return the page's only `h1`; of several one is the logo, and nothing tells which."""
    headings = head.elements["h1"]
    return headings[0] if len(headings) == 1 else None


def _clean_title(text: str, names: Iterable[str]) -> str:
    return clean_line(without_outlet(clean_line(text, MAX_TITLE), names), MAX_TITLE)


def _description(head: Head) -> str | None:
    text = head.meta("og:description", "description", "twitter:description")
    text = text or first_text(head.article, "description")
    return clean_line(text, MAX_STANDFIRST) or None if text else None


def _credited(head: Head) -> Iterator[str]:
    """Yield whatever the page's declarations give as an author, the surest first."""
    yield from texts(head.article.get("author"))
    for name in _AUTHORS:
        yield from head.metas.get(name, ())


def _claims(head: Head, names: Iterable[str], properties: Iterable[str]) -> Iterator[DateClaim]:
    for name in properties:
        for text in texts(head.article.get(name)):
            yield DateClaim(printed=text, origin="json-ld")
    for name in names:
        for text in head.metas.get(name, ()):
            yield DateClaim(printed=text, origin="meta")
    wanted = {name.lower() for name in properties}
    for element in head.marked:
        if (element.get("itemprop") or "").lower() in wanted and element.tag != "meta":
            yield DateClaim(printed=element.get("datetime") or words_of(element), origin="markup")


def _section(head: Head) -> str | None:
    declared = [*texts(head.article.get("articleSection"))]
    declared += [
        *head.metas.get("article:section", ()),
        *head.metas.get("og:section", ()),
        _breadcrumb(head),
    ]
    names = (clean_line(part, MAX_NAME) for text in declared for part in text.split(","))
    return next((name for name in names if name and key_of(name) not in _NO_SECTION), None)


def _breadcrumb(head: Head) -> str:
    """Return the last but one step of the trail, unless it is the home page."""
    for node in head.nodes:
        if "breadcrumblist" in types_of(node):
            steps = node.get("itemListElement")
            names = [_step_name(step) for step in steps] if isinstance(steps, list) else []
            return names[-2] if len(names) > 2 else ""
    return ""


def _step_name(step: object) -> str:
    if not isinstance(step, dict):
        return ""
    return first_text(step, "name", "item") or ""


def _tags(head: Head) -> tuple[str, ...]:
    declared = [*head.metas.get("article:tag", ()), *texts(head.article.get("keywords"))]
    declared = declared or [*head.metas.get("news_keywords", ()), *head.metas.get("keywords", ())]
    words = (clean_line(part, 100) for text in declared for part in re.split(r"[,;]", text[:5000]))
    return tuple(dict.fromkeys(word for word in words if word))[:MAX_TAGS]


def _image(head: Head) -> str | None:
    candidates = [head.meta("og:image", "og:image:url", "twitter:image", "twitter:image:src")]
    image = head.article.get("image")
    candidates += (
        [first_text(image, "url", "contentUrl")] if isinstance(image, dict) else list(texts(image))
    )
    return next(filter(None, (absolute(head.url, text) for text in candidates)), None)


def _canonical(head: Head) -> str | None:
    """Return the canonical address named by the page, unless it cannot be the article's."""
    for text in (*head.links.get("canonical", ()), head.meta("og:url")):
        address = absolute(head.url, text)
        if address and may_be_canonical(address, head.url):
            return address
    return None


def _language(head: Head) -> str | None:
    text = (
        head.root.get("lang")
        or head.root.get("xml:lang")
        or head.meta("og:locale")
        or first_text(head.article, "inLanguage")
    )
    return clean_line(text, 35) or None if text else None


def _is_paywalled(head: Head) -> bool:
    declared = head.article.get("isAccessibleForFree")
    tier = (head.meta("article:content_tier") or "").lower()
    return str(declared).lower() in {"false", "no", "0"} or tier in {"locked", "metered"}
