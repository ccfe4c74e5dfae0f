"""Questions about cookies in place of an article, and articles beside which one stands."""

from __future__ import annotations

import pytest

from pipelines.page.consent import is_consent_wall

WALLS = {
    "the usual": "Nous et nos 142 partenaires utilisons des cookies pour mesurer l’audience.\n"
    "Vous pouvez accepter ou refuser ces cookies à tout moment.\nTout accepter Tout refuser",
    "purposes": "Le respect de votre vie privée est notre priorité\nStocker et/ou accéder à des "
    "informations sur un appareil\nPublicités et contenus personnalisés\nEn savoir plus",
    "short": "Avant de continuer Pour lire cette page, veuillez activer les cookies. J’accepte",
    "in English": "We value your privacy\nPlease accept all cookies to go on.",
}
BRIEF = "Le conseil municipal de Ségou a voté le budget de la voirie, jeudi, par douze voix contre cinq."
ARTICLES = {
    "a brief over a banner": f"{BRIEF} La séance a duré deux heures.\nNous utilisons des cookies pour vous offrir la "
    "meilleure expérience.\nTout accepter",
    "about cookies": "L’Autorité de protection des données a rappelé aux journaux du pays que leurs lecteurs "
    "doivent pouvoir dire non.\nPrès de la moitié des sites qui utilisent des cookies ne demandent rien.",
    "long": "Tout accepter.\n" * 120,
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("text", WALLS.values(), ids=WALLS.keys())
def test_a_page_that_only_asks_for_consent_is_a_wall(text: str) -> None:
    assert is_consent_wall(text)


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
def test_an_article_is_none_whatever_stands_beside_it(text: str) -> None:
    assert not is_consent_wall(text)
