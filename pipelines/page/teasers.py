"""Teasers: the lines in a text that are not its own.

Extraction lets through pointers to other articles, share bars and the outlet's requests to its
readers. A pointer names other news ("Lire aussi : Wagner …"), so it would flag the wrong article.
Only whole lines go, and only those in a form no reporter writes: "À voir l’image, …" stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.page.titles import key_of

MAX_TEASER = 300
"""A longer line holds a sentence of the article, whatever it begins with."""

MAX_HEADLINE = 180
"""A line under "À lire aussi" that is longer is no headline."""

_MARK = r"\s*(?:[:|>»→➡►▶•–—\]-]|=+>|$)"
"""What sets a pointer apart from the headline it points to, or the end of the line."""

_POINTERS = (
    r"(?:(?:[àa]\s+)?(?:re)?lire|(?:[àa]\s+)?voir|[àa]\s+d[ée]couvrir|[àa]\s+[ée]couter|lisez)\s+(?:aussi|[ée]galement|encore|ensuite)\b",
    rf"[àa]\s+(?:lire|voir|d[ée]couvrir|[ée]couter|ne pas (?:manquer|rater))(?:\s+(?:sur|dans)\s+[\w .’'-]{{1,40}}?)?{_MARK}",
    rf"lire{_MARK}",
    rf"(?:sur|dans)\s+(?:le|la)\s+m[êe]me\s+(?:sujet|th[èe]me|rubrique|dossier){_MARK}",
    rf"du\s+m[êe]me\s+auteur{_MARK}",
    rf"(?:nos\s+)?(?:autres\s+)?articles?\s+(?:similaires?|li[ée]s?|connexes?|associ[ée]s?|recommand[ée]s?|r[ée]cents?|correspondants|(?:les\s+)?plus\s+lus|pr[ée]c[ée]dents?|suivants?){_MARK}",
    r"vous\s+(?:aimerez|pourriez)\s+(?:aussi|[ée]galement|aimer|[êe]tre)\b",
    rf"(?:related\s+(?:posts|articles)|read\s+(?:also|more|next)|also\s+read|see\s+also){_MARK}",
    rf"(?:d[ée]couvrez|lisez)\s+(?:aussi|[ée]galement){_MARK}",
)

_REQUESTS = (
    r"(?:abonnez|inscrivez|r[ée]abonnez)-vous\b",
    r"s['’](?:abonner|inscrire)\s+(?:à|[àa]u|gratuitement)\b",
    r"suivez[- ]nous\b",
    r"suivez\s.{0,80}\b(?:facebook|twitter|whatsapp|telegram|instagram|youtube|google|tiktok|notre\s+(?:cha[îi]ne|page|canal))\b",
    r"rejoignez[- ](?:nous|notre|nos|la\s+cha[îi]ne|le\s+(?:canal|groupe))\b",
    r"(?:recevez|retrouvez)\s.{0,80}\b(?:newsletter|bo[îi]te\s+mail|whatsapp|telegram|notre\s+(?:page|cha[îi]ne|application))\b",
    r"t[ée]l[ée]chargez\s+(?:notre|l['’])\s*appli",
    r"cliquez\s+(?:ici|sur|pour)\b",
    r"(?:laisser?|laissez|ajouter|[ée]crire|poster)\s+(?:un|votre)\s+commentaire",
    r"votre\s+adresse\s+(?:e-?mail|de\s+messagerie)",
    r"les\s+champs\s+obligatoires",
    r"partage[rz]\s+(?:cet?\s+article|sur|via|l['’]article|avec\s+vos)\b",
    r"(?:lire|voir)\s+(?:la\s+suite|l['’](?:article|int[ée]gralit[ée])|plus)\b.{0,60}$",
    r"en\s+savoir\s+plus\W*$",
    r"(?:pour\s+(?:lire\s+la\s+suite|acc[ée]der\s+(?:en\s+illimit[ée]|[àa]\s+(?:la\s+suite|l['’]int[ée]gralit[ée]|cet\s+article))))",
    r"il\s+vous\s+reste\s+[\d,.]+\s*%",
    r"(?:cet\s+article|la\s+suite|ce\s+contenu|la\s+lecture)\s.{0,40}r[ée]serv[ée]e?s?\s+aux\s+abonn",
    r"d[ée]j[àa]\s+abonn[ée]",
    r"(?:connectez-vous|se\s+connecter|identifiez-vous)\b",
    r"(?:soutenez|aidez)[- ](?:nous|notre)\b",
)

_MONTHS = r"(?:janv|f[ée]v|mars|avr|mai|juin|juil|ao[ûu]t|sept|oct|nov|d[ée]c)[\wéû]*\.?"
_DATE = rf"(?:(?:lun|mar|mer|jeu|ven|sam|dim)\w*\.?,?\s+)?\d{{1,2}}(?:er)?[\s/.-]+(?:{_MONTHS}|\d{{1,2}})[\s/.-]+\d{{4}}"
_TAIL = r"(?:[\s,|·•–-]*(?:à\s*)?\d{1,2}\s?[h:]\s?\d{0,2})?(?:[\s,|·•–-]*par\b[^.]{0,50})?[^\w.]*"

_NOTICES = (
    rf"(?:(?:publi[ée]e?|mise?\s+en\s+ligne|post[ée]e?|soumis(?:\s+par)?|mis\s+[àa]\s+jour|modifi[ée]e?|nous\s+sommes\s+le|par|date)\b[^.]{{0,60}}?)?{_DATE}{_TAIL}$",
    r"(?:lu|vu)\s+[\d\s.,]+(?:\s*fois)?\W*$",
    r"[\d\s.,]+\s*(?:vues?|lectures?|commentaires?|partages?|views?)\W*$",
    r"(?:©|\(c\)|copyright)",
    r"tous\s+droits\b.{0,40}\br[ée]serv[ée]s",
    r"(?:mots[- ]cl[ée]s?|tags|[ée]tiquettes)\s*:",
    r"(?:cr[ée]dits?\s*)?(?:photos?|images?|illustrations?)(?:\s+(?:d['’](?:illustration|archives?)|illustrative|cr[ée]dits?))?\s*[:©/]",
    r"(?:image|photo)\s+(?:d['’](?:illustration|archives?)|illustrative)\W*$",
    r"(?:publicit[ée]|annonces?|advertisement|sponsoris[ée])\W*$",
    r"(?:accueil|home)\s*[>»›/]",
    r"temps\s+de\s+lecture\b",
    r"\[object object\]",
    r"(?:article|post)\s+(?:pr[ée]c[ée]dent|suivant)|(?:previous|next)\s+(?:article|post)",
    r"(?:pr[ée]c[ée]dent|suivant|imprimer|r[ée]pondre|fermer|menu|commentaires?)\W*$",
)

_POINTER = re.compile(rf"[\W_]*(?:{'|'.join(_POINTERS)})", re.IGNORECASE)
_BARE = re.compile(rf"[\W_]*(?:{'|'.join(_POINTERS)})[\W_]*$", re.IGNORECASE)
_OTHER = re.compile(rf"[^\w©(\[]*(?:{'|'.join(_REQUESTS + _NOTICES)})", re.IGNORECASE)
_IN_BRACKETS = re.compile(
    r"\s?[(\[]\s*(?:(?:[àa]\s+)?(?:re)?lire|(?:[àa]\s+)?voir)\s+(?:aussi|[ée]galement|notre)\b[^()\[\]\n]{0,200}[)\]]",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"tous\s+droits\s+(?:de\s+[\w\s,]{1,60})?r[ée]serv[ée]s", re.IGNORECASE)
_ENDS_A_SENTENCE = re.compile(r"[.;:…][\"'”’»)\]\s]*$")
_TOKEN = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*|\+")

_NETWORKS = frozenset(
    [
        "facebook",
        "twitter",
        "x",
        "whatsapp",
        "telegram",
        "linkedin",
        "pinterest",
        "messenger",
        "viber",
        "reddit",
        "tumblr",
        "instagram",
        "tiktok",
        "vk",
        "skype",
        "email",
        "e-mail",
        "mail",
        "sms",
        "bluesky",
        "threads",
        "mastodon",
        "flipboard",
        "pocket",
        "google",
        "imprimer",
        "print",
        "tweet",
        "tweeter",
        "tweetez",
        "share",
        "partager",
        "partagez",
    ]
)
_GLUE = frozenset(
    [
        "sur",
        "par",
        "via",
        "le",
        "la",
        "les",
        "l",
        "lien",
        "un",
        "une",
        "à",
        "ami",
        "copier",
        "copy",
        "link",
        "cet",
        "article",
        "et",
        "ou",
        "avec",
        "plus",
        "more",
        "this",
        "on",
        "to",
        "it",
        "pin",
        "save",
        "like",
        "j'aime",
        "j’aime",
        "envoyer",
        "+",
        "0",
        "1",
        "follow",
        "suivre",
        "url",
        "ce",
        "contenu",
        "fb",
    ]
)


def strip_teasers(text: str, outlet: str | None) -> str:
    """Return the text without the lines that point elsewhere, share, ask or reserve rights.

    `outlet` is the source's name: a line that holds nothing else is its signature.
    """
    lines = _IN_BRACKETS.sub("", text).split("\n")
    return "\n".join(_kept(lines, key_of(outlet or "")))


def _kept(lines: Iterable[str], outlet: str) -> Iterable[str]:
    under_pointer = False
    for line in lines:
        if under_pointer and _is_headline(line):
            continue
        under_pointer = _is_bare_pointer(line)
        if not _is_foreign(line, outlet):
            yield line


def _is_foreign(line: str, outlet: str) -> bool:
    if len(line) > MAX_TEASER:
        return False
    if _POINTER.match(line) or _OTHER.match(line) or _RIGHTS.search(line):
        return True
    return _is_share_bar(line) or (bool(outlet) and key_of(line) == outlet)


def _is_bare_pointer(line: str) -> bool:
    """Whether a pointer stands alone, so that the headlines it points to follow."""
    return len(line) <= 60 and _BARE.match(line) is not None


def _is_headline(line: str) -> bool:
    return 0 < len(line) <= MAX_HEADLINE and not _ENDS_A_SENTENCE.search(line)


def _is_share_bar(line: str) -> bool:
    words = [word.casefold() for word in _TOKEN.findall(line[:150])]
    if not words or len(line) > 150:
        return False
    return all(word in _NETWORKS or word in _GLUE for word in words) and not _NETWORKS.isdisjoint(
        words
    )
