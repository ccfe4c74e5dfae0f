"""Examples: the texts that each rule says it flags and ignores, run as tests."""

from __future__ import annotations

import attrs

from pipelines.matching.engine import Rule
from pipelines.matching.judge import fires
from pipelines.matching.ruleset import RuleSet

_TITLE = "TITLE:"
_OUTLET = "ML"


@attrs.frozen
class Failure:
    """An example that does not do what its rule says."""

    rule: str
    example: str
    wanted: str
    """flags or ignores."""

    def __str__(self) -> str:
        fault = "does not fire on" if self.wanted == "flags" else "fires on"
        return f"{self.rule} {fault}: {self.example}"


def run_examples(rules: RuleSet) -> list[Failure]:
    """Run the examples of every rule; each tells only about its own rule."""
    failures = []
    for rule in rules.rules:
        failures += [
            Failure(rule.id, text, "flags") for text in rule.flags if not _fires(rule, text, rules)
        ]
        failures += [
            Failure(rule.id, text, "ignores") for text in rule.ignores if _fires(rule, text, rules)
        ]
    return failures


def _fires(rule: Rule, example: str, rules: RuleSet) -> bool:
    """Say whether a rule fires on an example, whose first line may be `TITLE: …`."""
    title, text = "", example
    if example.startswith(_TITLE):
        first, _, text = example.partition("\n")
        title = first.removeprefix(_TITLE).strip()
    outlet = rule.example_outlet or (_OUTLET if rule.in_africa else None)
    return fires(rule, (title, "", text), rules.engine, outlet)
