"""Shapes: how six content management systems set an article."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Shape:
    """The markup of one system; `article` is filled in with the parts of a story."""

    path: str
    article: str
    body: str
    language: str = "fr-FR"
    linked: bool = False
    """Whether the page has JSON-LD."""
    dated: bool = False
    """Whether the page has Open Graph's publication date."""
    sidebar: str = "div"
    """The element in which the lists beside the article stand."""


SHAPES = (
    Shape(  # WordPress under a portal theme
        path="{slug}/",
        body="post-template-default single single-post td-standard-pack",
        article=(
            '<main class="td-main-content"><article class="post type-post status-publish format-standard">'
            '<div class="td-post-header"><ul class="td-category"><li class="entry-category"><a href="#">{section}'
            '</a></li></ul><h1 class="entry-title">{title}</h1><div class="td-module-meta-info">'
            '<div class="td-post-author-name">Par <a href="#">{author}</a></div><span class="td-post-date">'
            '<time class="entry-date" datetime="{iso}">{printed}</time></span></div></div>{share}'
            '<div class="td-post-content tagdiv-type">{image}{text}</div>{share}</article></main>'
        ),
        linked=True,
        dated=True,
        sidebar="aside",
    ),
    Shape(  # WordPress with blocks
        path="{at:%Y/%m/%d}/{slug}/",
        body="wp-singular post-template-default single",
        article=(
            '<main id="main"><article class="hentry"><header class="entry-header"><h1 class="wp-block-post-title">'
            '{title}</h1><div class="entry-meta"><span class="byline">{author}</span> <time datetime="{iso}">{printed}'
            '</time></div></header><figure class="wp-block-image">{image}<figcaption>Photo : archives</figcaption>'
            '</figure><div class="entry-content wp-block-post-content">{text}</div>{share}</article></main>'
        ),
        language="en-US",
        dated=True,
    ),
    Shape(  # SPIP
        path="spip.php?article{number}",
        body="pas_surlignable page_article",
        article=(
            '<div class="main" id="main"><div class="wrapper"><div class="content" id="content"><div class="cartouche">'
            '{image}<h1 class="crayon article-titre entry-title">{title}</h1><p class="info-publi">'
            '<abbr class="published" title="{iso}">{printed}</abbr>, par <span class="vcard author">{author}</span></p>'
            '</div><div class="crayon article-texte texte entry-content">{text}</div>{share}</div></div></div>'
        ),
        language="fr",
    ),
    Shape(  # Drupal
        path="node/{number}",
        body="path-node page-node-type-article",
        article=(
            '<main role="main"><div class="layout-content"><div class="region region-content"><article data-history-node'
            '-id="7" class="node node--type-article node--view-mode-full"><h1><span class="field field--name-title">'
            '{title}</span></h1><footer class="node__meta"><span>Soumis par {author} le {printed}</span></footer>'
            '<div class="node__content clearfix"><div class="field field--name-field-image">{image}</div><div class="'
            'clearfix text-formatted field field--name-body field__item">{text}</div>{share}</div></article></div></div></main>'
        ),
        linked=True,
        sidebar="aside",
    ),
    Shape(  # Joomla
        path="index.php/actualites/{number}-{slug}",
        body="site com_content view-article",
        article=(
            '<div id="ja-content"><div class="item-page" itemscope><div class="page-header"><h2 itemprop="headline">'
            '{title}</h2></div><dl class="article-info muted"><dd class="createdby">Écrit par <span>{author}</span></dd>'
            '<dd class="published">Publié le <time datetime="{iso}">{printed}</time></dd></dl>{image}'
            '<div itemprop="articleBody">{text}</div>{share}</div></div>'
        ),
    ),
    Shape(  # a system of its own, set in tables
        path="{slug}_a{number}.html",
        body="mep2 home",
        article=(
            '<table id="main_table_inner" class="inner" cellspacing="0"><tr><td class="z_col0_inner"><div id="z_col0">'
            '<div class="article" id="mod_1"><div class="titre">{section}</div><h1 class="access">{title}</h1>'
            '<div class="auteur_date">Rédigé par {author} le {printed}</div><div class="photo">{image}</div>'
            '<div class="texte">{text}</div>{share}</div></div></td></tr></table>'
        ),
        dated=True,
    ),
)
