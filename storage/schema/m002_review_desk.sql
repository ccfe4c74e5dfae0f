-- The review desk: verdicts that can be withdrawn, and the views people query.

-- How the reviewer came to the article: `probe` is the daily sample of unflagged articles,
-- which alone may be used to estimate what the rules miss.
alter table verdicts add column asked_by text not null default 'queue'
    check (asked_by in ('queue', 'probe'));
-- An undo is a row of its own that repeats the verdict it takes back.
alter table verdicts add column withdraws integer references verdicts(id);
create unique index verdicts_withdraws on verdicts (withdraws) where withdraws is not null;

-- A row of `articles` holds its text, so a walk over 5,000 of them reads as many long rows;
-- the desk's queue needs these columns alone.
create index articles_desk on articles (id, source, cluster, published_at, first_seen);
create index matches_firing on matches (article, rule) where masked is null;

create view standing_verdicts as
select verdicts.id, verdicts.article, verdicts.verdict, verdicts.reviewer, verdicts.at,
       verdicts.reason, verdicts.note, verdicts.themes, verdicts.countries,
       verdicts.rule_set, verdicts.score, verdicts.asked_by
from verdicts
where verdicts.id in (
    select max(given.id) from verdicts as given
     where given.withdraws is null
       and not exists (select 1 from verdicts as undo where undo.withdraws = given.id)
     group by given.article, given.reviewer);

create view review_queue as
select articles.id, articles.title, flags.score, flags.themes, flags.countries, flags.status,
       articles.source, sources.name as source_name, sources.country as source_country,
       sources.alignment, coalesce(articles.published_at, articles.first_seen) as date,
       articles.cluster, clusters.independent_sources, articles.url
from flags
join articles on articles.id = flags.article
join sources on sources.slug = articles.source
left join clusters on clusters.id = articles.cluster
where flags.flagged = 1
  and not exists (select 1 from standing_verdicts
                   where standing_verdicts.article = articles.id);

create view theme_by_month as
select substr(coalesce(articles.published_at, articles.first_seen), 1, 7) as month,
       theme.value as theme,
       count(distinct coalesce(articles.cluster, -articles.id)) as stories,
       count(*) as articles
from flags
join articles on articles.id = flags.article
join json_each(flags.themes) as theme
where flags.flagged = 1
group by 1, 2;

create view country_by_month as
select substr(coalesce(articles.published_at, articles.first_seen), 1, 7) as month,
       country.value as country,
       count(distinct coalesce(articles.cluster, -articles.id)) as stories,
       count(*) as articles
from flags
join articles on articles.id = flags.article
join json_each(flags.countries) as country
where flags.flagged = 1
group by 1, 2;

create view rule_precision as
select firing.rule, firing.theme,
       sum(latest.verdict = 'relevant') as relevant,
       sum(latest.verdict = 'irrelevant') as irrelevant,
       round(1.0 * sum(latest.verdict = 'relevant') / count(*), 3) as precision
from (select article, verdict from standing_verdicts
       where verdict in ('relevant', 'irrelevant')
         and id in (select max(id) from standing_verdicts
                     where verdict in ('relevant', 'irrelevant') group by article)) as latest
join flags on flags.article = latest.article and flags.flagged = 1
join (select distinct article, rule, theme from matches where masked is null) as firing
  on firing.article = latest.article
group by firing.rule, firing.theme;
