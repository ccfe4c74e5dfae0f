"""Fingerprint: sampled hashes of a text, by which copies of it are found."""

from __future__ import annotations

import hashlib
import re
import zlib

WORDS_PER_GRAM = 8
SAMPLED = 16
"""One gram in this many is kept; which ones depends on the gram alone, so copies keep the same."""

_WORD = re.compile(r"\w+")


def fingerprint(folded: str) -> tuple[int, ...]:
    """Return the sampled 64-bit hashes of a folded text's word 8-grams, sorted, without repeats.

    Containment of one fingerprint in another estimates containment of the texts.
    """
    words = _WORD.findall(folded)
    grams = (
        " ".join(words[i : i + WORDS_PER_GRAM]).encode()
        for i in range(len(words) - WORDS_PER_GRAM + 1)
    )
    return tuple(sorted({_hash(gram) for gram in grams if zlib.crc32(gram) % SAMPLED == 0}))


def text_digest(folded: str) -> str:
    """Return the SHA-256 of a folded text's words: equal for texts that differ in typography."""
    return hashlib.sha256(" ".join(_WORD.findall(folded)).encode()).hexdigest()


def _hash(gram: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(gram, digest_size=8).digest(), signed=True)
