from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.fingerprint import fingerprint, text_digest
from storage.folding import fold_text

STORY = " ".join(
    f"le {n}e convoi de blé quitte le port de Douala pour N’Djamena avec {n * 7} tonnes à bord"
    for n in range(60)
)


def containment(part: str, whole: str) -> float:
    some, all_ = set(fingerprint(fold_text(part))), set(fingerprint(fold_text(whole)))
    return len(some & all_) / len(some)


def test_a_copy_that_keeps_the_beginning_is_contained_whole() -> None:
    beginning = STORY[: int(len(STORY) * 0.4)].rsplit(" ", 1)[0]

    assert containment(beginning, STORY) == 1.0


def test_typography_does_not_change_fingerprint_or_digest() -> None:
    other = STORY.replace("’", "'").replace("é", "é").upper()

    assert fingerprint(fold_text(other)) == fingerprint(fold_text(STORY))
    assert text_digest(fold_text(other)) == text_digest(fold_text(STORY))


def test_an_introduction_of_ones_own_costs_little() -> None:
    copy = f"Notre rédaction a suivi ce dossier de près depuis plusieurs semaines. {STORY}"

    assert containment(STORY, copy) > 0.95


def test_another_story_shares_nothing() -> None:
    other = " ".join(f"la mairie de Ségou ouvre {n} classes au quartier {n + 3}" for n in range(80))

    assert containment(other, STORY) == 0.0


def test_a_text_of_fewer_than_eight_words_has_none() -> None:
    assert fingerprint("trop court pour cela") == ()


@given(st.text(max_size=300))
def test_hashes_fit_in_a_column_of_integers(text: str) -> None:
    assert all(-(2**63) <= value < 2**63 for value in fingerprint(fold_text(text)))
