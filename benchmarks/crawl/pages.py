"""Pages: imitation news sites with pages as large and as cluttered as real ones.

Modelled on 78 real French pages (the 32 of them between 110 and 260 KB): 1,060 elements, 165 links,
29 KB of scripts, 59 KB of attributes and 18 KB of text at the median, of which the article is a
quarter. These have 172 KB, 760 elements, 225 links, 54 KB of scripts and 74 KB of attributes.
Everything is invented or recombined from our own sentences; the same for the same seed.
"""

from __future__ import annotations

import html
import json
import random
import re
import statistics
from collections.abc import Iterator
from functools import cached_property

from benchmarks.crawl.press import Press, Story
from benchmarks.crawl.shapes import SHAPES, Shape

_INDENTED = ">\n" + 16 * " " + "<"
"""Templates indent what they print: white space is a fifth of a real page."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Site:
    """One imitation site: its theme is the same on every page, as a real one's is."""

    def __init__(self, number: int, home: str, press: Press, shape: Shape | None = None) -> None:
        self.number = number
        self.home = home
        self.name = f"Journal numéro {number}"
        self.shape = shape or SHAPES[number % len(SHAPES)]
        self._press = press
        self._dice = random.Random(f"site {number}")
        self._weight = self._dice.choice((0.55, 0.85, 1.1, 1.25, 1.25, 1.35, 1.6, 2.2))

    def path(self, story: Story) -> str:
        """Return where the site has a story."""
        slug = re.sub(r"[^a-z]+", "-", story.title.lower())[:50].strip("-")
        return self.shape.path.format(number=story.number + 100, slug=slug, at=story.published)

    def page(self, story: Story) -> str:
        """Return the page of a story."""
        dice = random.Random(f"page {story.number}")
        body = self.shape.article.format(
            title=html.escape(story.title),
            author=html.escape(story.author),
            section=story.section,
            iso=story.published.isoformat(),
            printed=story.published.strftime("%d/%m/%Y à %H:%M"),
            text=self._text(story, dice),
            image=self._image(dice),
            share=self._share,
        )
        return (
            f"{self._head(story)}{self._top}{body}"
            f"{self._teasers('Articles similaires', dice, 9)}{self._comments(dice)}"
            f"{self._aside}{self._bottom}"
        ).replace("><", _INDENTED)

    def feed(self, stories: list[Story]) -> str:
        """Return the feed of the site's stories."""
        items = "".join(
            f"<item><title>{html.escape(story.title)}</title>"
            f"<link>{html.escape(self.home + self.path(story))}</link>"
            f"<pubDate>{story.published:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<description>{html.escape(story.paragraphs[0][:160])}…</description></item>"
            for story in stories
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>{self.name}</title><link>{self.home}</link>{items}</channel></rss>"
        )

    def entry(self) -> str:
        """Return the site's entry in a catalogue."""
        return (
            f'[[source]]\nslug = "site_{self.number}"\nname = "{self.name}"\ncountry = "ML"\n'
            f'url = "{self.home}"\nfeeds = ["{self.home}feed/"]\n\n'
        )

    def _head(self, story: Story) -> str:
        url = self.home + self.path(story)
        title, lead = html.escape(story.title), html.escape(story.paragraphs[0][:200])
        linked = {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "Organization", "name": self.name, "url": self.home},
                {
                    "@type": "NewsArticle",
                    "headline": story.title,
                    "datePublished": story.published.isoformat(),
                    "dateModified": story.published.isoformat(),
                    "author": {"@type": "Person", "name": story.author},
                    "articleSection": story.section,
                    "mainEntityOfPage": url,
                },
            ],
        }
        block = json.dumps(linked, ensure_ascii=False)
        declared = (
            f'<script type="application/ld+json">{block}</script>' if self.shape.linked else ""
        )
        dated = (
            f'<meta property="article:published_time" content="{story.published.isoformat()}">'
            if self.shape.dated
            else ""
        )
        return (
            f'<!DOCTYPE html><html lang="{self.shape.language}"><head><meta charset="utf-8">'
            f"<title>{title} - {self.name}</title>"
            f'<meta name="viewport" content="width=device-width"><link rel="canonical" href="{url}">'
            f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
            f'<meta property="og:description" content="{lead}"><meta property="og:url" content="{url}">'
            f'<meta property="og:site_name" content="{self.name}">{dated}{declared}{self._theme}</head>'
        )

    @cached_property
    def _theme(self) -> str:
        dice = self._dice
        links = "".join(
            f'<link rel="stylesheet" id="{_word(dice)}-css" media="all"'
            f' href="{self.home}wp-content/{_word(dice)}/{_word(dice)}.min.css?ver={n}">'
            for n in range(int(25 * self._weight))
        )
        rules = (
            f".{_word(dice)}-{_word(dice)} .{_word(dice)}>a:hover{{margin:{dice.randint(0, 40)}px;"
            f"color:#{dice.randrange(4096):03x};font:{dice.randint(9, 40)}px/1.4 {_word(dice)}}}"
            for _ in range(int(230 * self._weight))
        )
        return f"{links}<style>{''.join(rules)}</style>{self._script(9_000)}"

    @cached_property
    def _top(self) -> str:
        dice = self._dice
        menus = "".join(
            f'<li id="menu-item-{n}" class="menu-item menu-item-type-taxonomy menu-item-object-category'
            f' menu-item-has-children menu-item-{n}"><a href="{self.home}{_word(dice)}/">{title}</a>'
            f'<ul class="sub-menu">{self._items(dice, 5)}</ul></li>'
            for n, title in enumerate(self._press.titles(dice, int(11 * self._weight)))
        )
        return (
            f'<body class="{self.shape.body}"><div id="page" class="site hfeed wrapper">'
            f'<header id="masthead" class="site-header header-main"><div class="logo"><a href="{self.home}">'
            f'<img src="{self.home}logo.png" alt="{self.name}"></a></div>'
            f'<nav class="main-navigation td-header-menu-wrap"><ul class="menu">{menus}</ul></nav>'
            f'{self._banner}</header><div class="breadcrumbs"><a href="{self.home}">Accueil</a> » '
            f'<a href="{self.home}actualites/">Actualités</a></div><div id="content" class="container">'
        )

    @cached_property
    def _aside(self) -> str:
        widgets = "".join(
            f'<section class="widget widget_recent_entries td_block_widget">'
            f"{self._teasers(name, self._dice, 7)}</section>"
            for name in ("Les plus lus", "À la une", "Vidéos", "Opinions")
        )
        tag = self.shape.sidebar
        return f'<{tag} id="secondary" class="sidebar widget-area">{self._banner}{widgets}</{tag}></div>'

    @cached_property
    def _bottom(self) -> str:
        columns = "".join(
            f'<div class="footer-column"><h4>{title[:30]}</h4><ul>{self._items(self._dice, 7)}</ul></div>'
            for title in self._press.titles(self._dice, int(6 * self._weight))
        )
        return (
            f'<footer class="site-footer">{columns}<p class="copyright">© 2026 {self.name}. Tous droits'
            f" réservés.</p></footer></div>{self._script(14_000)}{self._settings}"
            f'<noscript><img height="1" width="1" src="{self.home}pixel"></noscript></body></html>'
        )

    @cached_property
    def _banner(self) -> str:
        key = _word(self._dice)
        return (
            f'<div class="ad-container td-g-rec td-adspot-title" id="div-gpt-ad-{key}" data-slot="/{key}">'
            f"<span>- Publicité -</span><ins class='adsbygoogle' style='display:block'"
            f' data-ad-client="ca-pub-{self._dice.randrange(10**15)}"></ins>'
            "<script>(adsbygoogle = window.adsbygoogle || []).push({});</script></div>"
        )

    @cached_property
    def _settings(self) -> str:
        """Return what the page hands to its scripts: an object of a few kilobytes."""
        dice = self._dice
        values = {
            _word(dice): {_word(dice): [_word(dice), dice.randrange(10**6)] for _ in range(12)}
            for _ in range(int(26 * self._weight))
        }
        return f"<script>var td_options={json.dumps(values)};</script>"

    @cached_property
    def _share(self) -> str:
        return '<div class="social-share td-post-sharing">' + "".join(
            f'<a class="share-{name} td-social-sharing-button" rel="nofollow" href="https://{name}.example/s">'
            f'<svg viewBox="0 0 24 24" class="icon"><path d="{self._curve(400)}"></path></svg>'
            f"<span>{name.title()}</span></a>"
            for name in ("facebook", "twitter", "whatsapp", "telegram", "linkedin")
        ) + "</div>"  # fmt: skip

    def _text(self, story: Story, dice: random.Random) -> str:
        parts = [f"<p>{html.escape(paragraph)}</p>" for paragraph in story.paragraphs]
        parts.insert(2, self._banner)
        pointer = html.escape(self._press.titles(dice, 1)[0])
        parts.insert(
            4, f'<p><strong>Lire aussi : <a href="{self.home}x/">{pointer}</a></strong></p>'
        )
        return "\n".join(parts)

    def _teasers(self, name: str, dice: random.Random, count: int) -> str:
        cards = "".join(
            '<div class="td_module_10 td_module_wrap td-animation-stack card post-teaser clearfix">'
            f'<div class="td-module-thumb"><a href="{self.home}{_word(dice)}/{_word(dice)}-{_word(dice)}/"'
            f' rel="bookmark" class="td-image-wrap" title="{title}">{self._image(dice)}</a></div>'
            f'<h3 class="entry-title td-module-title"><a href="{self.home}{_word(dice)}/">{title}</a></h3>'
            f'<div class="td-module-meta-info"><span class="td-post-author-name">Rédaction</span>'
            f'<time class="entry-date updated td-module-date" datetime="2026-11-{dice.randint(10, 21)}">'
            f'{dice.randint(10, 21)} novembre 2026</time></div><a class="td-comments td-read-more" href="{self.home}{_word(dice)}/#respond" data-id="{dice.randrange(10**9)}">Lire</a></div>'
            for title in self._press.titles(dice, max(2, int(count * self._weight)))
        )
        return f'<div class="related td_block_related"><h4 class="block-title">{name}</h4>{cards}</div>'

    def _comments(self, dice: random.Random) -> str:
        texts = (
            " ".join(self._press.titles(dice, 2)) for _ in range(dice.choice((0, 0, 2, 5, 12)))
        )
        listed = "".join(
            f'<li class="comment even depth-1" id="comment-{n}"><div class="comment-author vcard">'
            f'<cite class="fn">Lecteur {n}</cite> dit :</div><p>{text}.</p></li>'
            for n, text in enumerate(texts)
        )
        return (
            f'<div id="comments" class="comments-area"><ol class="comment-list">{listed}</ol>'
            '<form id="commentform"><label>Votre commentaire</label><textarea></textarea></form></div>'
        )

    def _items(self, dice: random.Random, count: int) -> str:
        return "".join(
            f'<li class="menu-item menu-item-type-custom menu-item-{dice.randrange(10**5)}">'
            f'<a href="{self.home}{_word(dice)}/{_word(dice)}/">{title[:32]}</a></li>'
            for title in self._press.titles(dice, count)
        )

    def _image(self, dice: random.Random) -> str:
        name = f"{self.home}wp-content/uploads/2026/11/{_word(dice)}-{_word(dice)}"
        sizes = ", ".join(
            f"{name}-{w}x{w // 2}.jpg {w}w"
            for w in (150, 218, 300, 324, 485, 640, 696, 1068, 1536, 1920)
        )
        return (
            f'<img width="324" height="160" class="entry-thumb lazyload wp-post-image" src="{name}.jpg"'
            f' srcset="{sizes}" sizes="(max-width: 324px) 100vw, 324px" alt="" loading="lazy">'
        )

    def _script(self, size: int) -> str:
        dice, parts, length = self._dice, [], 0
        while length < size * self._weight:
            a, b, c = _word(dice), _word(dice), _word(dice)
            parts.append(
                f'!function({a[0]}){{if("{b}"in {a[0]}&&!{a[0]}.{c}){{var {b}={a[0]}["{c}"]||'
                f"{dice.randrange(10**4)};{a[0]}.{a}.push({b}<{dice.randrange(99)}?{b}:null)}}}}(window);"
            )
            length += len(parts[-1])
        return f"<script>{''.join(parts)}</script>"

    def _curve(self, size: int) -> str:
        dice = self._dice
        return "".join(
            f"{dice.choice('MLCSQ')}{dice.random() * 24:.2f} {dice.random() * 24:.2f}"
            for _ in range(size // 11)
        )


def build(count: int, homes: list[str]) -> Iterator[tuple[Site, list[Story]]]:
    """Yield each site with its stories, `count` of them dealt out to the sites in turn."""
    press = Press()
    for number, home in enumerate(homes):
        yield Site(number, home, press), [press.story(n) for n in range(number, count, len(homes))]


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(_LETTERS, k=dice.randint(4, 9)))


def median_size(sizes: list[int]) -> float:
    """Return the median size of pages in kilobytes."""
    return statistics.median(sizes) / 1000
