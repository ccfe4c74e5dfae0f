"""Teasers: which lines go, and which look like them and stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.page.teasers import strip_teasers

SENTENCES = Path(__file__).parents[3].parent / "shared/data/text/mafand_fr_sentences.tsv"

FOREIGN = [
    "A lire aussi : Wagner au Sahel, ce que l’on sait du retrait",
    "À LIRE AUSSI | Le Kremlin reçoit le président du Togo",
    "Lire aussi >> Mali : l’opposition va accompagner la transition",
    "LIRE AUSSI: Niger: l’uranium attire les convoitises",
    "Lire également : Burkina, la centrale attendra",
    "A lire : Moscou ouvre une ambassade à Niamey",
    "À lire sur ce site : Moscou ouvre une ambassade",
    "Voir aussi : Le port de Lomé en images",
    "Sur le même sujet",
    "Dans la même rubrique : le blé russe",
    "Du même auteur",
    "Articles similaires",
    "Vous pourriez aussi aimer",
    "Related posts",
    "Partager sur Facebook",
    "Partager : Facebook Twitter WhatsApp",
    "Facebook Twitter WhatsApp",
    "Facebook | X | LinkedIn | E-mail | Imprimer",
    "Cliquez pour partager sur Twitter(ouvre dans une nouvelle fenêtre)",
    "Cliquez ici pour rejoindre notre canal",
    "Abonnez-vous à notre newsletter",
    "Suivez-nous sur Telegram",
    "Suivez toute l’actualité sur notre chaîne WhatsApp",
    "Rejoignez notre chaîne WhatsApp pour ne rien manquer",
    "Laisser un commentaire",
    "Votre adresse e-mail ne sera pas publiée.",
    "Lu 123 fois",
    "1 204 vues",
    "© 2026 Faso Matinal",
    "Copyright Sahel Quotidien",
    "Reproduction interdite. Tous droits réservés.",
    "Crédit photo : la Présidence",
    "Photo d’illustration",
    "Mots-clés : blé, Mali",
    "Publicité",
    "Accueil > Politique > Diplomatie",
    "Publié le vendredi 20 novembre 2026 à 14h32, par Issa Ouédraogo",
    "jeudi 19 novembre 2026",
    "Pour lire la suite, créez votre compte",
    "Cet article est réservé aux abonnés.",
    "Article précédent",
    "Faso Matinal",
    "FASO MATINAL",
]

OWN = [
    "À voir l’image, on peut croire que le président est déjà parti pour Sotchi.",
    "A voir de plus près, la transition glisse vers une prolongation.",
    "À lire les journaux de Moscou, l’Afrique serait déjà gagnée.",
    "Sur le même sujet, c’est encore la ministre qui s’est confiée à un animateur.",
    "Dans la même journée, deux convois sont partis de Conakry.",
    "Partager les axes de sa mission, c’est ce qu’est venu faire l’ambassadeur.",
    "Suivez en direct la cérémonie du tirage au sort.",
    "Commentaire de l’ambassadeur : « C’est un geste d’ami. »",
    "Photographe de métier, il a suivi Wagner pendant trois ans.",
    "Lire et écrire, voilà ce que demandent les mères de Zinder.",
    "Facebook a fermé deux cents comptes liés à Saint-Pétersbourg.",
    "Twitter, WhatsApp et Telegram sont coupés depuis lundi à N’Djaména.",
    "Le 2 novembre 2026, le ministre a signé l’accord.",
    "Bamako, le 19 novembre 2026",
    "Publié le 3 mars, le décret prévoit une amende pour les radios.",
    "Tous les droits de douane sont suspendus.",
    "Nous sommes dans la nuit du 6 juin 2020.",
    "Vu de Moscou, le Sahel est une chance.",
    "Faso Matinal a pu consulter le protocole.",
    "Source : Sputnik Afrique",
    "Suivant l’avis du conseil, la centrale sera bâtie à Ouagadougou.",
    "Annonces à Sotchi : le blé, les bourses et les satellites.",
]


@pytest.mark.parametrize("line", FOREIGN)
def test_a_foreign_line_goes(line: str) -> None:
    text = f"Le convoi est arrivé jeudi.\nUn autre suit.\n{line}"
    assert strip_teasers(text, "Faso Matinal") == "Le convoi est arrivé jeudi.\nUn autre suit."


@pytest.mark.parametrize("line", OWN)
def test_a_sentence_that_only_looks_foreign_stays(line: str) -> None:
    assert strip_teasers(line, "Faso Matinal") == line


def test_the_headlines_under_a_bare_pointer_go_with_it() -> None:
    text = "Le convoi est arrivé.\nÀ lire aussi\nWagner au Sahel : le retrait\nNiger : l’uranium\nIl repart lundi."
    assert strip_teasers(text, None) == "Le convoi est arrivé.\nIl repart lundi."


def test_a_pointer_in_brackets_leaves_its_sentence() -> None:
    text = "Le convoi (lire aussi notre dossier sur Wagner) est arrivé."
    assert strip_teasers(text, None) == "Le convoi est arrivé."


def test_a_long_line_stays_whatever_it_begins_with() -> None:
    line = (
        "Lire aussi bien le russe que le bambara, " + "voilà ce que l’on demande aux élèves, " * 9
    )
    assert strip_teasers(line, None) == line


@pytest.mark.skipif(not SENTENCES.exists(), reason="the shared data are not beside this checkout")
def test_of_33_000_real_sentences_only_pointers_and_notices_go() -> None:
    sentences = [line.split("\t")[-1] for line in SENTENCES.read_text().splitlines()]
    lost = [sentence for sentence in sentences if sentence and not strip_teasers(sentence, None)]
    pointers = [line for line in lost if "lire aussi" in line.lower()]
    assert len(pointers) >= 15
    assert len(lost) - len(pointers) <= 2  # one copyright, one "Lire l’intégralité"
