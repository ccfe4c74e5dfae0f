-- Questions that read whole tables, answered from indexes.

-- How pages ended in a stretch of time. The index before was of no use to any question but this,
-- which it led through all pages: 1.7 s of a digest at a million of them.
drop index pages_outcome;
create index pages_settled on pages (settled_at, source, outcome, reason)
    where state = 'settled' and backfill is null;

-- A row of `articles` holds its text: the date stands in an index of the flags, the cluster in
-- `articles_desk`.
drop view theme_by_month;
create view theme_by_month as
select substr(flags.date, 1, 7) as month,
       theme.value as theme,
       count(distinct coalesce(articles.cluster, -articles.id)) as stories,
       count(*) as articles
from flags indexed by flags_dated
cross join articles indexed by articles_desk on articles.id = flags.article
join json_each(flags.themes) as theme
where flags.flagged = 1
group by 1, 2;

drop view country_by_month;
create view country_by_month as
select substr(flags.date, 1, 7) as month,
       country.value as country,
       count(distinct coalesce(articles.cluster, -articles.id)) as stories,
       count(*) as articles
from flags indexed by flags_dated
cross join articles indexed by articles_desk on articles.id = flags.article
join json_each(flags.countries) as country
where flags.flagged = 1
group by 1, 2;
