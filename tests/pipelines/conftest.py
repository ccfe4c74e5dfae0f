"""A small rule set on which the matcher is tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.matching.ruleset import RuleSet, load_rules

RULES = """
[[state]]
code = "ML"
name = "Mali"
names = ["Mali"]
demonyms = ["malien+"]
towns = ["Bamako"]
seats = ["Koulouba"]

[[state]]
code = "BF"
name = "Burkina Faso"
names = ["Burkina Faso", "Burkina"]
demonyms = ["burkinabè+"]

[[state]]
code = "NE"
name = "Niger"
names = ["Niger"]
demonyms = ["nigérien+"]

[[state]]
code = "NG"
name = "Nigeria"
names = ["Nigeria"]
demonyms = ["nigérian+"]

[[state]]
code = "GN"
name = "Guinée"
names = ["Guinée"]
towns = ["Conakry"]

[[state]]
code = "GQ"
name = "Guinée équatoriale"
names = ["Guinée équatoriale"]

[[state]]
code = "GW"
name = "Guinée-Bissau"
names = ["Guinée-Bissau"]

[[state]]
code = "TD"
name = "Tchad"
names = ["Tchad"]
towns = ["N'Djamena"]

[[state]]
code = "CI"
name = "Côte d'Ivoire"
names = ["Côte d'Ivoire"]

[[state]]
code = "CD"
name = "RD Congo"
names = ["RDC", "République démocratique du Congo"]
towns = ["Kinshasa"]

[[state]]
code = "CG"
name = "Congo"
names = ["Congo-Brazzaville"]
towns = ["Brazzaville"]

[[shared]]
terms = ["Congo", "congolais+"]
codes = ["CD", "CG"]

[[group]]
name = "AES"
terms = ["=AES"]
codes = ["BF", "ML", "NE"]

[[group]]
name = "Afrique"
terms = ["Afrique", "africain+"]

[[not_place]]
terms = ["golfe de Guinée"]

[[elsewhere]]
terms = ["Chine", "Inde", "Brésil", "France"]

[lexicon.russia]
terms = ["Russie", "russe+", "Moscou", "@capital"]

[lexicon.capital]
terms = ["Kremlin"]

[lexicon.status_agreement]
terms = ["accord+"]

[lexicon.status_ended]
terms = ["rompt"]

[[mask]]
name = "idiom"
terms = ["montagnes russes"]

[[mask]]
name = "teaser"
line_starts = ["A lire aussi"]

[[context]]
name = "war"
terms = ["Ukraine"]
points = -40

[[rule]]
id = "accord"
strength = 2
query = "SENTENCE(@russia AND @africa AND accord+)"
flags = ["Le Mali signe un accord avec la Russie."]
ignores = ["Un accord sur les montagnes russes de Bamako."]

[[rule]]
id = "instructors"
theme = "military"
strength = 3
setting = "africa"
query = "SENTENCE(@russia AND instructeur+)"
flags = ["Des instructeurs russes forment nos soldats."]
ignores = ["Des instructeurs turcs forment nos soldats."]

[[rule]]
id = "weak"
theme = "culture"
strength = 1
query = "SENTENCE(@russia AND @africa AND cinéma)"

[[rule]]
id = "support"
theme = "health"
strength = 0
query = "PARAGRAPH(@africa AND SENTENCE(hôpital))"
"""


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    path: Path = tmp_path_factory.mktemp("rules") / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return load_rules(path)
