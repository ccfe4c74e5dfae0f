-- Unattended crawls: hosts that asked us to wait, when each source is asked again, frozen feeds.

-- No request goes to a host before `not_before`, in this run or a later one.
create table hosts (
    host text primary key,
    not_before text not null,
    reason text not null,
    noted_at text not null
) strict, without rowid;

create table schedules (
    source text primary key references sources(slug),
    next_poll_at text not null,
    every integer not null,
    failures integer not null default 0,
    rediscover_at text,
    rediscoveries integer not null default 0
) strict, without rowid;

-- The date of the newest entry that a feed announced: a feed that answers and has not moved is frozen.
alter table feeds add column newest_at text;
-- 0 where the catalogue says that the source's certificate is not verified.
alter table polls add column tls_verified integer not null default 1;
-- Characters of text in the articles stored: extraction that shrinks shows here.
alter table polls add column characters integer not null default 0;
create index polls_source on polls (source, started_at);
