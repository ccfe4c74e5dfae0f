"""What imitation sites have printed in the past: articles, their posts and their pages."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

SITE_CLOCK = timedelta(hours=1)
"""WordPress keeps the local time of the site; this one's is an hour ahead of GMT."""
NEW_YEAR = datetime(2022, 12, 31, 23, 30, tzinfo=UTC)
"""New Year's Day by the site's clock, and not by GMT."""

_WHO = ("Le maire", "La préfète", "Le syndicat", "L’association", "Le comité", "La ministre")
_DID = ("a présenté", "a inauguré", "a défendu", "a visité", "a réclamé", "a salué")
_WHAT = ("le marché", "l’école", "la route", "le barrage", "le centre de santé", "la récolte")
_WHERE = ("Ségou", "Bouaké", "Parakou", "Maradi", "Kindia", "Abéché", "Bossangoa", "Dolisie")


class Story:
    """One article of an imitation site."""

    def __init__(self, number: int, at: datetime) -> None:
        dice = random.Random(number)
        sentences = [
            f"{dice.choice(_WHO)} {dice.choice(_DID)} {dice.choice(_WHAT)} de {dice.choice(_WHERE)}"
            f" devant {dice.randint(10, 9999)} habitants, réunis pour la {dice.randint(2, 60)}e"
            " journée de mobilisation."
            for _ in range(12)
        ]
        self.at = at
        self.title = f"Chronique n° {number} : {sentences[0][:50].rsplit(' ', 1)[0]}"
        self.paragraphs = [" ".join(sentences[i : i + 3]) for i in range(0, 12, 3)]
        self.path = f"/chronique-{number}-du-pays/"
        self.number = number

    @property
    def local(self) -> datetime:
        return self.at + SITE_CLOCK

    @property
    def content(self) -> str:
        """What WordPress renders: text, a picture, a teaser and the share bar of a plugin."""
        first, *rest = (f"<p>{words}</p>\n" for words in self.paragraphs)
        teaser = "<p><strong>Lire aussi :</strong> <a href='/autre/'>Une autre nouvelle</a></p>"
        picture = "<figure><img src='/p.jpg'><figcaption>Photo : DR</figcaption></figure>"
        share = "<div class='sharedaddy'><a>Partager sur Facebook</a> <a>WhatsApp</a></div>"
        return f"{first}{picture}{teaser}{''.join(rest)}{share}"

    def post(self, home: str) -> dict[str, object]:
        return {
            "link": f"{home}{self.path[1:]}",
            "date_gmt": f"{self.at:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{self.at:%Y-%m-%dT%H:%M:%S}",
            "title": {"rendered": self.title.replace("’", "&#8217;")},
            "content": {"rendered": self.content, "protected": False},
            "excerpt": {"rendered": f"<p>{self.paragraphs[0][:120]} [&hellip;]</p>"},
            "categories": [1, 7],
        }

    def page(self, home: str) -> str:
        menu = "".join(f"<li><a href='/rubrique/{n}/'>Rubrique {n}</a></li>" for n in range(12))
        related = "".join(
            f"<li><a href='/chronique-{n}-du-pays/'>Une chronique parmi d’autres, numéro {n}</a></li>"
            for n in range(self.number + 1, self.number + 6)
        )
        return (
            f"<!doctype html><html lang='fr-FR'><head><title>{self.title} - Le Pays</title>"
            f"<link rel='canonical' href='{home}{self.path[1:]}'>"
            f"<meta property='article:published_time' content='{self.at.isoformat()}'>"
            "<meta property='article:section' content='Société'></head><body>"
            f"<header><nav><ul>{menu}</ul></nav></header><main><article class='post'>"
            f"<h1 class='entry-title'>{self.title}</h1><div class='entry-content'>{self.content}</div>"
            f"</article><aside class='related'><h3>Articles similaires</h3><ul>{related}</ul></aside>"
            "</main><footer>© Le Pays, tous droits réservés</footer></body></html>"
        )


def stories() -> list[Story]:
    """Two articles a day in January, one in six days before and after, one at the turn of the year."""
    start = datetime(2022, 12, 1, 9, tzinfo=UTC)
    days = [start + timedelta(days=day) for day in range(105)]
    january = [day + timedelta(hours=hour) for day in days if day.month == 1 for hour in range(2)]
    others = [day for number, day in enumerate(days) if day.month != 1 and number % 6 == 0]
    return [Story(n, at) for n, at in enumerate(sorted([*january, *others, NEW_YEAR]))]


MANY = stories()
FEW = [s for s in MANY if s.number % 4 == 0 or s.at.month != 1]
BY_PATH = {story.path: story for story in MANY}


def of_window(listed: Iterable[Story], since: datetime, until: datetime) -> list[Story]:
    return [story for story in listed if since <= story.at < until]


WINDOW = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 3, 1, tzinfo=UTC))
THESE_MANY, THESE_FEW = len(of_window(MANY, *WINDOW)), len(of_window(FEW, *WINDOW))
