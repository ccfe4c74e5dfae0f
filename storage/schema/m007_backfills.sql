-- Backfills: what was asked of a source about a window of the past, step by step.

create table backfills (
    id integer primary key,
    source text not null references sources(slug),
    since text not null,
    until text not null,
    way text,
    -- Whether articles are taken from WordPress' REST API; null until a page was compared with it.
    takes_texts integer check (takes_texts in (0, 1)),
    begun_at text not null,
    last_activity_at text not null,
    ended_at text,
    problem text,
    unique (source, since, until)
) strict;

-- A step is one address. Its answer is kept until all that it holds is queued or stored, so that
-- nothing that was answered is asked for again.
create table backfill_steps (
    id integer primary key,
    backfill integer not null references backfills(id),
    way text not null,
    address text not null,
    state text not null default 'open' check (state in ('open', 'answered', 'done')),
    attempts integer not null default 0,
    problem text,
    found integer not null default 0,
    left_out integer not null default 0,
    contents text,
    answered_by text,
    content_type text,
    announced integer,
    answer blob,
    unique (backfill, way, address)
) strict;
create index backfill_steps_open on backfill_steps (backfill, way, id) where state <> 'done';

-- The backfill a page was found by; the live crawl leaves these to it.
alter table pages add column backfill integer references backfills(id);
create index pages_backfill on pages (backfill, state) where backfill is not null;
