"""Flag: judgements of whole articles."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.flag import flag_article, flag_text
from pipelines.matching.ruleset import RuleSet, load_rules
from storage.records import Article, Flag

SHIPPED = load_rules()


def _flag(text: str, rules: RuleSet, outlet: str | None = None, title: str = "") -> Flag:
    return flag_text(title, None, text, rules, outlet)


def test_a_story_is_flagged_with_its_matches_in_their_sentence(rules: RuleSet) -> None:
    text = "Bonjour. Le Mali a signé un accord avec la Russie."

    flag = _flag(text, rules)

    assert flag.flagged
    assert [match.words for match in flag.matches] == ["Mali", "accord", "Russie"]
    assert {(m.rule, m.field, m.sentence_start, m.sentence_end) for m in flag.matches} == {
        ("accord", "text", 9, len(text))
    }
    assert all(text[match.start : match.end] == match.words for match in flag.matches)
    assert (flag.status, flag.status_words) == ("agreement", "accord")


def test_an_article_is_judged_by_its_fields(rules: RuleSet) -> None:
    article = Article(
        source="essai",
        url="https://essai.example/1",
        canonical_url="https://essai.example/1",
        title="Mali : un accord avec Moscou",
        standfirst="Le Burkina Faso veut un accord russe.",
        text="La suite demain.",
    )

    flag = flag_article(article, rules, None)

    assert [match.field for match in flag.matches] == ["title"] * 3 + ["lead"] * 3
    assert flag.countries == ("BF", "ML")


def test_an_article_without_the_words_is_not_flagged(rules: RuleSet) -> None:
    expected = Flag(rule_set=rules.digest, flagged=False, score=0)

    assert _flag("La récolte de mil est bonne au Mali.", rules) == expected


def test_an_idiom_is_shown_and_does_not_count(rules: RuleSet) -> None:
    flag = _flag("Un accord au Mali : le cours fait les montagnes russes.", rules)

    assert not flag.flagged
    assert [match.words for match in flag.matches if match.masked == "idiom"] == [
        "montagnes russes",
        "russes",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Le mil est bon.\nA lire aussi : Mali, un accord avec la Russie\nFin.",
        "Le mil est bon.\nÀ lire aussi :\nLe Mali signe un accord avec la Russie\nFin.",
    ],
    ids=["same line", "next line"],
)
def test_a_teaser_does_not_count(rules: RuleSet, text: str) -> None:
    assert not _flag(text, rules).flagged


def test_the_outlets_own_name_does_not_count(rules: RuleSet) -> None:
    text = "Un accord sur le lait, écrit Mali Russie Infos."

    assert flag_text("", None, text, rules).flagged
    assert not flag_text("", None, text, rules, None, "Mali Russie Infos").flagged


def test_russia_in_a_list_of_countries_weighs_less(rules: RuleSet) -> None:
    listed = _flag("Un accord lie le Mali, le Brésil, la Russie et la Chine.", rules)
    alone = _flag("Un accord lie le Mali à la Russie.", rules)

    assert alone.flagged
    assert not listed.flagged
    assert 0 < listed.score < alone.score


def test_a_list_that_holds_the_state_and_russia_weighs_less_wherever_else_russia_is_named(
    rules: RuleSet,
) -> None:
    brics = "En Russie, un accord russe : le Mali, le Brésil, la Russie et la Chine."

    assert not _flag(brics, rules).flagged


def test_those_between_whom_something_is_agreed_are_no_enumeration(rules: RuleSet) -> None:
    assert _flag("Un accord entre le Mali, la Russie et la Chine.", rules).flagged


@pytest.mark.parametrize(
    "menu",
    ["Accueil | Monde | Accord Mali-Russie | Sport", "Accueil > Afrique > Accord russe au Mali"],
)
def test_a_line_that_leads_through_the_site_says_nothing_of_the_story(
    rules: RuleSet, menu: str
) -> None:
    flag = _flag(f"Le mil est bon.\n{menu}", rules)

    assert not flag.flagged
    assert {match.masked for match in flag.matches} == {"menu"}
    assert _flag("Le Mali | un accord russe.", rules).flagged


@pytest.mark.parametrize(
    "dateline", ["Bamako, 11 mars 2025 (ABC) – ", "BAMAKO (ABC) - ", "Bamako, le 1er mars (ABC)— "]
)
def test_a_dateline_says_nothing_of_the_story(rules: RuleSet, dateline: str) -> None:
    flag = _flag(f"{dateline}Un accord lie la Russie à la Chine.", rules)

    assert not flag.flagged
    assert [match.masked for match in flag.matches] == ["dateline"]


def test_an_article_about_the_war_scores_less(rules: RuleSet) -> None:
    story = "Le Mali signe un accord avec la Russie."
    war = " L’Ukraine résiste." * 6

    assert _flag(story + war, rules).score < _flag(story, rules).score


def test_a_rule_set_in_africa_needs_an_african_outlet_or_neighbour(rules: RuleSet) -> None:
    text = "Des instructeurs russes sont arrivés."

    assert not _flag(text, rules).flagged
    assert not _flag(text, rules, "FR").flagged
    assert _flag(text, rules, "ML").flagged
    assert _flag(f"Bamako l’annonce. {text}", rules).flagged
    assert _flag(text, rules, title="À Bamako").flagged


def test_a_support_rule_gives_its_theme_only_to_a_flagged_story(rules: RuleSet) -> None:
    hospital = "Le Mali construit un hôpital."

    assert _flag(f"Le Mali signe un accord russe. {hospital}", rules).themes == ("health",)
    assert _flag(hospital, rules).themes == ()
    assert _flag(hospital, rules).score == 0


_WORDS = st.sampled_from(
    ["russe", "Mali", "accord", "instructeurs", "Guinée", "équatoriale", "cœur", "A lire aussi"]
)
_JOINTS = st.sampled_from([" ", ". ", ", ", "\n", "-", "’", " « ", "\u0301", "\u00ad", " И "])
_TEXTS = st.lists(st.builds("{}{}".format, _WORDS, _JOINTS), max_size=25).map("".join)


@given(_TEXTS, _TEXTS, st.one_of(_TEXTS, st.text()))
@settings(deadline=None)
def test_every_offset_points_at_the_words_of_its_field(title: str, lead: str, text: str) -> None:
    fields = {"title": title, "lead": lead, "text": text}

    flag = flag_text(title, lead, text, SHIPPED, "ML", "Mali Accord")

    for found in (*flag.matches, *flag.mentions):
        assert fields[found.field][found.start : found.end] == found.words
    assert 0 <= flag.score <= 100


@pytest.mark.serial
@pytest.mark.parametrize(
    "unit",
    ["russe ", "(", "Mali russe accord ", "Mali, Russie, Chine, ", "A lire aussi\n", "œ russe. "],
)
def test_time_grows_with_the_text_and_not_faster(unit: str, rules: RuleSet) -> None:
    def seconds(size: int) -> float:
        """Return the best of three, which a busy machine disturbs least."""
        text, taken = unit * (size // len(unit)), []
        for _ in range(3):
            started = time.perf_counter()
            _flag(text, rules, "ML")
            taken.append(time.perf_counter() - started)
        return min(taken)

    # Quadratic time would take 64 times as long for 8 times the text.
    assert seconds(800_000) < 24 * seconds(100_000) + 0.05


@pytest.mark.parametrize("unit", ["russe ", "("])
def test_ten_megabytes_are_judged(unit: str) -> None:
    assert not _flag(unit * (10_000_000 // len(unit)), SHIPPED).flagged
