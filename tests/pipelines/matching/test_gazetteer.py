"""Gazetteer: the shipped names of the 54 states say what they should, and nothing else."""

from __future__ import annotations

import tomllib
from collections import defaultdict

import pytest

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.matching.schema import RuleFile, StateEntry
from pipelines.matching.term import patterns_of
from storage.records import Flag

RULES = load_rules()

CAPITALS = {
    "DZ": "Alger", "AO": "Luanda", "BJ": "Porto-Novo", "BW": "Gaborone", "BF": "Ouagadougou",
    "BI": "Gitega", "CV": "Praia", "CM": "Yaoundé", "CF": "Bangui", "KM": "Moroni",
    "CG": "Brazzaville", "CD": "Kinshasa", "CI": "Yamoussoukro", "DJ": "Djibouti", "EG": "Caire",
    "ER": "Asmara", "SZ": "Mbabane", "ET": "Addis-Abeba", "GA": "Libreville", "GM": "Banjul",
    "GH": "Accra", "GN": "Conakry", "GW": "Bissau", "GQ": "Malabo", "KE": "Nairobi",
    "LS": "Maseru", "LR": "Monrovia", "LY": "Tripoli", "MG": "Antananarivo", "MW": "Lilongwe",
    "ML": "Bamako", "MA": "Rabat", "MU": "Port-Louis", "MR": "Nouakchott", "MZ": "Maputo",
    "NA": "Windhoek", "NE": "Niamey", "NG": "Abuja", "UG": "Kampala", "RW": "Kigali",
    "ST": "Sao Tomé", "SN": "Dakar", "SC": "Praslin", "SL": "Freetown", "SO": "Mogadiscio",
    "SD": "Khartoum", "SS": "Djouba", "ZA": "Pretoria", "TZ": "Dodoma", "TD": "N'Djamena",
    "TG": "Lomé", "TN": "Tunis", "ZM": "Lusaka", "ZW": "Harare",
}  # fmt: skip
"""Seychelles' own, Victoria, is a first name and a lake too: an island stands for it here."""


def _flag(text: str, outlet: str | None = None) -> Flag:
    return flag_text("", None, text, RULES, outlet)


def _named(words: str) -> str:
    flag = _flag(f"Un accord russe a été signé : {words}.")
    return " ".join((*flag.countries, *flag.mentioned, *flag.undecided))


def _states() -> list[StateEntry]:
    return _gazetteer(RULES).state


def _gazetteer(rules: RuleSet) -> RuleFile:
    content = dict(rules.sources)["gazetteer.toml"]
    return RuleFile.model_validate(tomllib.loads(content))


def test_all_54_states_are_found_by_their_capitals() -> None:
    found = {code: _named(town) for code, town in CAPITALS.items()}

    assert found == {code: code for code in CAPITALS}
    assert sorted(one.code for one in _states()) == sorted(CAPITALS)


def test_no_two_states_claim_one_word() -> None:
    claimed: dict[str, set[str]] = defaultdict(set)
    for state in _states():
        for term in state.terms:
            for pattern in patterns_of(term):
                claimed[pattern.folded].add(state.code)

    assert {word: codes for word, codes in claimed.items() if len(codes) > 1} == {}


def test_no_state_says_a_word_twice() -> None:
    twice = []
    for state in _states():
        seen: set[tuple[str, str | None]] = set()
        for term in state.terms:
            key = patterns_of(term)[0].folded, patterns_of(term)[0].cased
            twice += [(state.code, term)] if key in seen else []
            seen.add(key)

    assert twice == []


def test_what_is_no_state_is_not_claimed_by_one() -> None:
    gazetteer = _gazetteer(RULES)
    others = [
        term for entry in (*gazetteer.not_place, *gazetteer.elsewhere) for term in entry.terms
    ]
    foreign = {pattern.folded for term in others for pattern in patterns_of(term)}
    claimed = {
        term
        for state in gazetteer.state
        for term in state.terms
        for pattern in patterns_of(term)
        if pattern.folded in foreign
    }

    assert claimed == set()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("la wilaya de Tizi Ouzou", "DZ"),
        ("le port de Djen Djen", "DZ"),
        ("Saurimo, dans la Lunda-Norte", "AO"),
        ("l'Alibori et Djougou", "BJ"),
        ("la raffinerie de Fada N’Gourma", "BF"),
        ("la Boucle du Mouhoun", "BF"),
        ("le camp de Roux", "CF"),
        ("la préfecture de la Haute-Kotto", "CF"),
        ("les Ponténégrins", "CG"),
        ("le Kongo-Central", "CD"),
        ("la mine de Kamoa-Kakula", "CD"),
        ("une délégation rd-congolaise", "CD"),
        ("les habitants de la ville de Man", "CI"),
        ("le RHDP", "CI"),
        ("l'usine de Borg El Arab", "EG"),
        ("Mekelle et Mek’ele", "ET"),
        ("Makokou, chef-lieu de l'Ogooué-Ivindo", "GA"),
        ("le port de Tema", "GH"),
        ("Sangarédi et Télimélé", "GN"),
        ("l'archipel des Bijagos", "GW"),
        ("le camp de Dadaab", "KE"),
        ("Ajdabiya", "LY"),
        ("l'atelier de Fort-Dauphin", "MG"),
        ("le cercle de Bandiagara et l'Office du Niger", "ML"),
        ("la zone de Guerguerat", "MA"),
        ("le camp de Mbera", "MR"),
        ("Lichinga et le Niassa", "MZ"),
        ("la mine de Husab", "NA"),
        ("le camp d’Assamaka", "NE"),
        ("l'État d'Oyo", "NG"),
        ("le gouverneur de Zamfara", "NG"),
        ("les hôpitaux d'Arua", "UG"),
        ("les écoles de Musanze", "RW"),
        ("Sédhiou et Kolda", "SN"),
        ("le Galmudug", "SO"),
        ("El-Facher", "SD"),
        ("l'État du Nil Bleu", "SD"),
        ("la gare de Mbombela", "ZA"),
        ("Goz Beïda, dans le Dar Sila", "TD"),
        ("la ville de Kara", "TG"),
        ("Kasserine et Médenine", "TN"),
        ("les mines de Solwezi", "ZM"),
        ("la gare de Bulawayo et celle de Masvingo", "ZW"),
    ],
)
def test_places_and_seats_tell_their_state(words: str, code: str) -> None:
    assert _named(words) == code


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("quelqu’un a songé, puis il songea à guider un bol de riz sous la digue", ""),
        ("le 6 octobre, on a servi une banane et des pâtes", ""),
        ("Maurice Moubarak et Béchir Burhan, de l'équipe de Kimberley", ""),
        ("un diplômé de l'université Patrice Lumumba", ""),
        ("Moussa Faki Mahamat, pour la Commission", ""),
        ("les combattants du JNIM et de Boko Haram", ""),
        ("un rapport de RSF, un FACT CHECK, un RPG et la CMA CGM", ""),
        ("le gang des motos de Kaloum, de Yopougon et de Pikine", ""),
        ("le parc Kruger et le fleuve Limpopo", ""),
        ("les gardiens de la zaouïa", ""),
        ("Bimbo, une bimbo", "CF"),
    ],
)
def test_ordinary_words_and_homonyms_tell_none(words: str, codes: str) -> None:
    assert _named(words) == codes


@pytest.mark.parametrize(
    ("text", "outlet", "countries"),
    [
        ("Le CNSP a signé un accord avec la Russie.", "ML", "ML"),
        ("Le CNSP a signé un accord avec la Russie.", "NE", "NE"),
        ("L’ANC salue l’accord avec la Russie. Lomé se tait.", None, "TG"),
        ("L’ANC salue l’accord avec la Russie. Pretoria se tait.", None, "ZA"),
        ("La Regideso signe un accord avec la Russie.", "CD", "CD"),
    ],
)
def test_an_acronym_of_two_states_is_decided_by_the_article(
    text: str, outlet: str | None, countries: str
) -> None:
    assert " ".join(_flag(text, outlet).countries) == countries
