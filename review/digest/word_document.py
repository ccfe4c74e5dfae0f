"""Digest DOCX: the digest as a document for Word and LibreOffice (extra `[report]`)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from review.digest.citation import citation, dated, place
from review.digest.records import Digest, DigestError, Sentence, Story
from review.digest.wording import (
    country_counts,
    country_name,
    facts,
    figures,
    period,
    remarks,
    theme_counts,
    theme_name,
    unseen_words,
)
from review.digest.words import Words
from review.typography import tied

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def digest_docx(digest: Digest, words: Words) -> bytes:
    """Return the digest as a DOCX file.

    Raises DigestError when python-docx is not installed.
    """
    document = _new_document()
    document.core_properties.title = words.say("subject")
    document.core_properties.author = "Vigie"
    document.core_properties.language = words.language
    document.add_heading(words.say("subject"), 0)
    document.add_paragraph(period(digest, words))
    document.add_paragraph().add_run(figures(digest, words)).bold = True
    _add_counts(document, words.say("by_theme"), theme_counts(digest, words))
    _add_counts(document, words.say("by_country"), country_counts(digest, words))
    _add_stories(document, digest, words)
    _add_unseen(document, digest, words)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _new_document() -> Document:
    try:
        import docx
    except ImportError as e:
        raise DigestError(
            "--format docx needs python-docx; install it with: pip install 'vigie-presse[report]'"
        ) from e
    return docx.Document()


def _add_counts(document: Document, caption: str, rows: list[tuple[str, int]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=1, cols=2, style="Light List Accent 1")
    table.rows[0].cells[0].text = caption
    for name, number in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _clean(name), str(number)
    document.add_paragraph()


def _add_stories(document: Document, digest: Digest, words: Words) -> None:
    if not digest.groups:
        document.add_paragraph(f"{words.say('nothing')} {words.say('nothing_warning')}")
    for group in digest.groups:
        document.add_heading(theme_name(group.theme, words), 1)
        for country in group.countries:
            document.add_heading(country_name(country.country, words), 2)
            for story in country.stories:
                _add_story(document, story, digest, words)
    if digest.new_copies:
        copies = words.count("new_copies", digest.new_copies)
        document.add_paragraph(words.say("earlier", copies=copies))


def _add_story(document: Document, story: Story, digest: Digest, words: Words) -> None:
    heading = document.add_heading("", 3)
    if story.url:
        _add_link(heading, story.title.text, story.url)
    else:
        heading.add_run(_clean(story.title.text))
    line = document.add_paragraph()
    if story.accepted:
        line.add_run(f"{words.say('accepted')} · ").bold = True
    outlet = f"{story.outlet} ({place(story.outlet_country, story.alignment, words)})"
    line.add_run(_clean(f"{outlet} · {dated(story, words)} · {facts(story, words)}"))
    if story.standfirst:
        _add_sentence(document.add_paragraph(style="Intense Quote"), story.standfirst)
    for sentence in story.sentences:
        _add_sentence(document.add_paragraph(style="List Bullet"), sentence)
    for remark in remarks(story, words):
        document.add_paragraph(_clean(remark))
    cited = words.say("citation") + citation(story, words, digest.until)
    document.add_paragraph().add_run(_clean(cited)).italic = True


def _add_sentence(paragraph: Paragraph, sentence: Sentence) -> None:
    for piece in sentence.pieces:
        paragraph.add_run(_clean(piece.text)).bold = piece.marked or None


def _add_link(paragraph: Paragraph, text: str, url: str) -> None:
    """Append a hyperlink, which python-docx reads and cannot write by itself."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(_clean(text))
    run.underline = True
    link.append(run._r)  # noqa: SLF001 - the only way to the element python-docx wraps
    paragraph._p.append(link)  # noqa: SLF001 - as above


def _add_unseen(document: Document, digest: Digest, words: Words) -> None:
    unseen = unseen_words(digest.not_seen, words)
    document.add_heading(words.say("unseen"), 1)
    for line in (words.say("unseen_lead"), *unseen.lines):
        document.add_paragraph(line)
    for kind in unseen.kinds:
        document.add_heading(kind.name, 2)
        document.add_paragraph(kind.help)
        for line in kind.lines:
            document.add_paragraph(_clean(line), style="List Bullet")


def _clean(text: str) -> str:
    """Leave out what XML does not allow, and set French spaces."""
    return _NOT_XML.sub("", tied(text))
