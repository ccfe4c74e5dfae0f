"""Written: what stands on a page beside its tags, found without parsing it.

One look at each `<`, and one pass over what is neither script nor style. Where a parser might see it
otherwise, rather too much is taken for text than too little.
"""

from __future__ import annotations

import re

JOINT = b"\x1f"
"""Stands for tags between two texts; in a page it is itself invisible."""

_MARKUP = re.compile(
    rb"<(?:(?P<raw>script|style)(?=[\s/>])|(?P<meta>meta)(?=[\s/>])|(?P<comment>!--)|(?![a-z/!?]))",
    re.IGNORECASE,
)
_RAW_ENDS = {
    name: re.compile(rb"</%b(?=[\s/>])" % name, re.IGNORECASE) for name in (b"script", b"style")
}
_COMMENT = b"!--"
_TEXT = re.compile(rb">(\s(?=\s*<)|[^<]+)")
"""A text between tags; of one that is all spaces, which half of a page is, the first will do."""


class Written:
    """The texts of a page as its bytes have them: case and escapes untouched."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        self._endless: set[bytes] = set()
        """What begins without ever ending: looked for once, or a hostile page would take hours."""
        self._beside: list[bytes] = []
        """Texts that stand elsewhere than where they are read."""
        self.linked: list[bytes] = []
        """The contents of JSON-LD scripts."""
        self.text = self._joined(self._between_tags())
        """All other texts, joints between those that only tags part."""

    def _between_tags(self) -> list[bytes]:
        texts: list[bytes] = []
        position = begun = 0
        while found := _MARKUP.search(self._page, position):
            position = self._passed(found)
            if position > found.end():
                texts += _TEXT.findall(self._page, begun, found.start())
                begun = position - 1
        return texts + _TEXT.findall(self._page, begun)

    def _joined(self, texts: list[bytes]) -> bytes:
        joined = JOINT.join(texts)
        if b">" in joined:
            # Up to its last `>` a text may be the rest of a tag, which may stand within a word.
            parted = [text.rpartition(b">") for text in texts]
            joined = JOINT.join([text for _, _, text in parted])
            self._beside += [rest for rest, _, _ in parted]
        return b" ".join((joined, *self._beside))

    def _passed(self, found: re.Match[bytes]) -> int:
        """Return where to read on: right behind what was found, or where what it begins ends."""
        start = found.end()
        if found["raw"]:
            return self._raw_text(found["raw"].lower(), start)
        if found["comment"]:
            return self._comment(start)
        end = self._page.find(b">" if found["meta"] else b"<", start)
        end = len(self._page) if end < 0 else end
        self._beside.append(self._page[start:end])
        return end

    def _raw_text(self, name: bytes, start: int) -> int:
        end = None if name in self._endless else _RAW_ENDS[name].search(self._page, start)
        if end is None:
            return self._unending(name, start)
        opening, _, content = self._page[start : end.start()].partition(b">")
        if b"ld+json" in opening.lower():
            self.linked.append(content)
        return end.end()

    def _unending(self, name: bytes, start: int) -> int:
        """Return the page's end, to which raw text goes on, unless a comment takes it back."""
        if name not in self._endless and self._page.find(b"-->", start) < 0:
            return len(self._page)
        self._endless.add(name)
        return start

    def _comment(self, start: int) -> int:
        """Keep what a comment says for the end: it may stand within a word."""
        end = -1 if _COMMENT in self._endless else self._page.find(b"-->", start - 2)
        if end < 0:
            self._endless.add(_COMMENT)
            return start
        if end > start:
            self._beside.append(texts_of(self._page[start:end]))
        return end + 3


def written_on(page: bytes) -> Written:
    """Return the texts of a page, what stands before its first tag included."""
    return Written(page if page.startswith(b"<") else b">" + page)


def texts_of(markup: bytes) -> bytes:
    """Return what stands between tags in a piece of markup, or in a text that may hold some."""
    return written_on(markup).text
