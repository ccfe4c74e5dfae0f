-- Where the time of a run went, and robots.txt kept for as long as it may be.

-- JSON: pages, seconds by stage, lag of the event loop; see docs/data-model.md.
alter table runs add column profile text;

create table robots (
    site text primary key,
    body blob not null,
    fetched_at text not null
) strict, without rowid;
