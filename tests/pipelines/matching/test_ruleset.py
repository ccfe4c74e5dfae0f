"""Rule sets: what is wrong with one is told with its file and entry."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from pipelines.matching.errors import RuleError
from pipelines.matching.examples import run_examples
from pipelines.matching.ruleset import RuleSet, load_rules


def _load(tmp_path: Path, content: str) -> RuleSet:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    return load_rules(path)


RULE = '[[rule]]\nid = "a"\nquery = "{}"\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("rule = [", "mine.toml: Invalid value (at end of document)"),
        (RULE.format("x y"), "mine.toml: a: an operator (AND, OR, NOT, NEAR/n …) is missing"),
        (RULE.format("@nothing"), "mine.toml: a: there is no lexicon @nothing"),
        (RULE.format("x") * 2, "mine.toml: a: another rule has this id"),
        (RULE.format("x") + "strength = 4", "mine.toml: rule: a: strength: Input should be"),
        (RULE.format("x") + 'theme = "war"', "theme 'war' is not one of military"),
        (RULE.format("x") + "colour = 1", "mine.toml: rule: a: colour: Extra inputs"),
        ('[lexicon.x]\nterms = ["@x"]', "lexicon x: it includes itself"),
        ('[lexicon.x]\nterms = ["@y"]', "lexicon x: there is no lexicon @y"),
        ('[lexicon.x]\nterms = ["a*"]', "lexicon x: 'a*': at least 3 letters"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(RuleError) as raised:
        _load(tmp_path, content)

    assert message in str(raised.value)


def test_an_empty_folder_is_no_rule_set(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"holds no \.toml file"):
        load_rules(tmp_path)


def test_the_digest_changes_with_a_files_content_and_name(tmp_path: Path) -> None:
    first = _load(tmp_path, RULE.format("x")).digest
    second = _load(tmp_path, RULE.format("y")).digest
    renamed = tmp_path / "other.toml"
    renamed.write_text(RULE.format("x"), encoding="utf-8")

    assert len({first, second, load_rules(renamed).digest}) == 3
    assert _load(tmp_path, RULE.format("x")).digest == first


def test_a_rule_set_reaches_another_process(rules: RuleSet) -> None:
    copy = pickle.loads(pickle.dumps(rules))  # noqa: S301  # our own bytes

    assert copy.digest == rules.digest
    assert [rule.id for rule in copy.rules] == [rule.id for rule in rules.rules]


def test_lexicons_are_listed_with_what_they_include(rules: RuleSet) -> None:
    assert rules.lexicons["russia"] == ("Russie", "russe+", "Moscou", "Kremlin")
    assert "Bamako" in rules.lexicons["africa"]


def test_examples_that_hold_are_silent(rules: RuleSet) -> None:
    assert run_examples(rules) == []


def test_examples_that_fail_are_told(tmp_path: Path) -> None:
    rules = _load(tmp_path, RULE.format("russe") + 'flags = ["rien"]\nignores = ["russe"]')

    assert [str(one) for one in run_examples(rules)] == [
        "a does not fire on: rien",
        "a fires on: russe",
    ]


def test_the_shipped_rules_load_and_keep_their_examples() -> None:
    assert [str(failure) for failure in run_examples(load_rules())] == []
