from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from pipelines.fingerprint import fingerprint
from storage.archive import Archive
from storage.desk import Desk
from storage.desk_article import desk_article
from storage.digest import DigestQuestions
from storage.folding import fold_text
from storage.likeness import shared_part
from storage.records import Outcome, Reading, SourceFacts

Make = Callable[..., Reading]

STORIES = Path(__file__).parents[2].parent / "shared" / "data" / "text" / "mafand_fr_sentences.tsv"
WORDS = tuple(
    """
    le la les un une des du au et à de en
    pour sur avec sans entre depuis selon après maire préfète syndicat comité
    ministre gouverneur coopérative marché école route barrage récolte coton mil hôpital quartier
    village région député budget salaire grève réunion projet chantier pluie inondation élève
    enseignant médecin éleveur pêcheur commerçant transporteur annonce demande refuse promet visite inaugure
    défend salue prépare organise lundi mardi jeudi Ségou Bouaké Parakou Maradi Kindia
    Abéché Bossangoa Dolisie nouveau ancien public local national prochain
    """.split()  # noqa: SIM905 - ninety words read better so
)
QUOTE = (
    "« Nous ne laisserons personne décider à notre place de l’avenir de nos enfants, et chacun"
    " doit savoir que la porte du dialogue reste ouverte à ceux qui viennent en amis. »"
)


def story(seed: int, sentences: int = 16) -> str:
    dice = random.Random(seed)
    return " ".join(
        " ".join(dice.choices(WORDS, k=dice.randint(12, 22))).capitalize() + "."
        for _ in range(sentences)
    )


def beginning(text: str) -> str:
    return text[: int(len(text) * 0.4)].rsplit(" ", 1)[0]


def introduced(text: str) -> str:
    return f"Notre rédaction suit ce dossier depuis des semaines, et nos lecteurs aussi. {text}"


def retyped(text: str) -> str:
    return text.replace("’", "'").replace("«", '"').replace("»", '"').replace(" ", "\u00a0")


def reworded(text: str) -> str:
    dice, words = random.Random(5), text.split(" ")
    for place in dice.sample(range(len(words)), len(words) // 10):
        words[place] = "notamment"
    return " ".join(words)


REPRINTS = {
    "first 40 %": beginning,
    "own introduction": introduced,
    "typography": retyped,
    "10 % of words": reworded,
}


@pytest.fixture
def publish(archive: Archive, now: datetime, make_reading: Make) -> Callable[..., int]:
    """Return a function that stores a text and tells its number."""

    def store(text: str, source: str = "matin", hours: int = 0, at: datetime | None = None) -> int:
        number = archive.db.execute("select count(*) from pages").fetchone()[0] + 1
        url = f"https://{source}.example/{number}"
        reading = make_reading(url, source)
        published = reading.article.published
        assert published is not None
        published = attrs.evolve(published, at=at or published.at)
        article = attrs.evolve(reading.article, text=text, published=published)
        reading = attrs.evolve(
            reading, article=article, text_digest=url, fingerprint=fingerprint(fold_text(text))
        )
        assert archive.articles.store(reading, now + timedelta(hours=hours)) is Outcome.STORED
        return int(archive.db.execute("select max(id) from articles").fetchone()[0])

    return store


def facts() -> SourceFacts:
    return SourceFacts(
        slug="s", name="S", country="ML", language="fr", url="https://s.example", outlet=None,
        ownership=None, alignment=None, active=True,
    )  # fmt: skip


def clusters(archive: Archive) -> list[int | None]:
    return [row[0] for row in archive.db.execute("select cluster from articles order by id")]


def joined(
    archive: Archive,
    publish: Callable[..., int],
    originals: list[str],
    reprint: Callable[[str], str],
) -> tuple[int, int]:
    """Store texts and reprints; return the reprints that joined theirs, and texts joined wrongly."""
    for text in originals:
        publish(text)
    wrong = sum(cluster is not None for cluster in clusters(archive))
    for text in originals:
        publish(reprint(text), "soir")
    size, given = len(originals), clusters(archive)
    pairs = zip(given[:size], given[size:], strict=True)
    return sum(one is not None and one == other for one, other in pairs), wrong


@pytest.mark.parametrize("reprint", list(REPRINTS.values()), ids=list(REPRINTS))
def test_reprints_are_found(
    archive: Archive, publish: Callable[..., int], reprint: Callable[[str], str]
) -> None:
    found, merged = joined(archive, publish, [story(seed) for seed in range(40)], reprint)

    assert found >= 38
    assert merged == 0


@pytest.mark.skipif(not STORIES.is_file(), reason="the texts of the press are not on this machine")
@pytest.mark.parametrize("reprint", list(REPRINTS.values()), ids=list(REPRINTS))
def test_reprints_of_the_african_press_are_found(
    archive: Archive, publish: Callable[..., int], reprint: Callable[[str], str]
) -> None:
    lines = STORIES.read_text(encoding="utf-8").splitlines()[1:]
    sentences = list(dict.fromkeys(line.rpartition("\t")[2] for line in lines))
    dice, originals = random.Random(1), []
    for _ in range(80):
        size = dice.randint(8, 25)
        originals.append(" ".join(sentences[:size]))
        del sentences[: size + 20]

    found, merged = joined(archive, publish, originals, reprint)

    assert found >= 76
    assert merged <= 1  # the collection holds one report twice, in other words


def test_reports_of_one_event_with_the_same_quotation_stay_apart(
    archive: Archive, publish: Callable[..., int]
) -> None:
    for seed in range(20):
        publish(f"{story(seed, 5)} {QUOTE} {story(seed + 100, 5)}", ("matin", "soir")[seed % 2])

    assert set(clusters(archive)) == {None}


def test_a_site_s_own_closing_words_make_no_copies(
    archive: Archive, publish: Callable[..., int]
) -> None:
    closing = story(999, 4)
    for seed in range(20):
        publish(f"{story(seed, 2)} Reportage{seed} {closing}")

    joined = [cluster for cluster in clusters(archive)[8:] if cluster is not None]
    assert joined == []


def test_a_copy_is_found_whatever_its_age(archive: Archive, publish: Callable[..., int]) -> None:
    for seed in range(20):
        publish(story(seed, 40))
    archive.db.execute("update passages set period = period - 20")

    for seed in range(20):
        publish(introduced(story(seed, 40)), "soir")

    given = clusters(archive)
    assert None not in given
    assert given[:20] == given[20:]


@pytest.mark.parametrize("days", [-29, 29])
@pytest.mark.parametrize("month", [5, 6])
def test_a_copy_is_found_a_month_before_and_after(
    archive: Archive, publish: Callable[..., int], days: int, month: int
) -> None:
    middle = datetime(2026, month, 15, 12, tzinfo=UTC)
    publish(story(1), at=middle)
    archive.db.execute("delete from lasting_passages")
    publish(beginning(story(1)), "soir", at=middle + timedelta(days=days))

    assert clusters(archive) == [1, 1]


def test_a_short_text_is_found_in_a_long_one(archive: Archive, publish: Callable[..., int]) -> None:
    for seed in range(20):
        publish(story(seed, 10))
    for seed in range(20):
        publish(f"{story(seed + 50, 15)} {story(seed, 10)} {story(seed + 80, 15)}", "soir")

    given = clusters(archive)
    pairs = zip(given[:20], given[20:], strict=True)
    assert sum(one is not None and one == other for one, other in pairs) >= 19


def test_what_many_outlets_always_write_makes_no_copies(
    archive: Archive, publish: Callable[..., int]
) -> None:
    phrase = story(999, 4)
    for seed in range(12):
        archive.know_sources([attrs.evolve(facts(), slug=f"s{seed}")])
        publish(f"{story(seed, 6)} {phrase}", f"s{seed}")
    publish(f"{story(99, 1)} {phrase}", "soir")

    assert set(clusters(archive)) == {None}


def test_a_story_printed_by_many_outlets_is_one_cluster(
    archive: Archive, publish: Callable[..., int], make_reading: Make
) -> None:
    text = story(1)
    for number in range(80):
        archive.know_sources([attrs.evolve(facts(), slug=f"s{number}")])
        publish(introduced(text) if number % 3 else beginning(text), f"s{number}")

    assert set(clusters(archive)) == {1}
    assert archive.db.execute("select independent_sources from clusters").fetchone() == (80,)


def test_a_cluster_knows_who_was_first_its_agency_and_its_independent_sources(
    archive: Archive, publish: Callable[..., int]
) -> None:
    text = story(3)
    publish(text)
    publish(f"{text}\nAvec AFP", "soir", hours=2)
    publish(f"BAMAKO (AFP) – {text}", "relais", hours=3)

    (row,) = archive.db.query("select * from stories")
    assert row == {
        "cluster": 1, "first_seen": "2026-11-22T06:30:00Z", "first_source": "matin",
        "first_article": 1, "agency": "AFP", "independent_sources": 2, "articles": 3,
    }  # fmt: skip


def test_records_name_the_agency_of_an_article_else_that_of_its_cluster(
    archive: Archive, publish: Callable[..., int], now: datetime
) -> None:
    alone = publish(f"BAMAKO (Xinhua) – {story(5)}")
    text = story(6)
    copy = publish(text, "soir")
    publish(f"{text}\nAvec AFP", "matin", hours=2)

    shown = [desk_article(archive.db, one) for one in (alone, copy)]
    found = [archive.articles.find(str(one)) for one in (alone, copy)]
    cards = Desk(archive.db).cards([alone, copy])
    stories = DigestQuestions(archive.db).articles_of_stories(now, now + timedelta(hours=1))

    assert [one.row["agency"] for one in shown if one is not None] == ["Xinhua", "AFP"]
    assert [one["agency"] for one in found if one is not None] == ["Xinhua", "AFP"]
    assert [cards[one]["agency"] for one in (alone, copy)] == ["Xinhua", "AFP"]
    assert [row["agency"] for row in stories if row["id"] in (alone, copy)] == ["Xinhua", "AFP"]


def test_a_text_of_two_lines_is_no_copy(archive: Archive, publish: Callable[..., int]) -> None:
    publish(story(1))
    publish("Le barrage de Ségou est plein.", "soir")

    assert clusters(archive) == [None, None]


def test_the_shared_part_is_that_of_the_shorter_text() -> None:
    text = story(1)

    assert shared_part(beginning(text), text) == 1.0
    assert shared_part(text, beginning(text)) == 1.0
    assert shared_part(text, story(2)) < 0.4
    assert shared_part("", text) == 0.0
