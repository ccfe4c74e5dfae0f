-- The archive at scale: dates to walk along, agencies, and articles looked at again.

-- Publication, else first sight: what people sort by. Virtual, so that it cannot be wrong.
alter table articles add column date text
    generated always as (coalesce(published_at, first_seen)) virtual;
create index articles_dated on articles (date);
create index articles_source_dated on articles (source, date);
alter table articles add column agency text;

-- The date again beside the flag: the flagged are one article in thirty, and a walk along the
-- dates of all articles would read thirty times as many rows.
alter table flags add column date text;
update flags set date = (select date from articles where articles.id = flags.article);
create index flags_dated on flags (date, article, themes, countries) where flagged = 1;
create trigger flags_take_the_date after insert on flags
begin
    update flags set date = (select date from articles where articles.id = new.article)
     where article = new.article;
end;
create trigger flags_follow_the_date after update of published_at, first_seen on articles
begin
    update flags set date = coalesce(new.published_at, new.first_seen) where article = new.id;
end;

-- What the text after this revision adds, judged by itself.
alter table revisions add column added_flagged integer;
alter table revisions add column added_score integer;

create table revisits (
    article integer primary key references articles(id),
    checks integer not null default 0,
    due_at text,
    etag text,
    last_modified text,
    gone_at text,
    problem text
) strict;
create index revisits_due on revisits (due_at) where due_at is not null;

create view stories as
select clusters.id as cluster, clusters.first_seen, first.source as first_source,
       first.id as first_article, clusters.agency, clusters.independent_sources,
       (select count(*) from articles where articles.cluster = clusters.id) as articles
from clusters
join articles as first on first.id = (
    select id from articles where articles.cluster = clusters.id order by first_seen, id limit 1);
