-- The first schema: queue, articles, flags, verdicts, runs.
-- What each table and column means: docs/data-model.md.

create table sources (
    slug text primary key,
    name text not null,
    country text,
    language text not null,
    url text not null,
    outlet text,
    ownership text,
    alignment text,
    active integer not null default 1
) strict;

create table rule_sets (
    digest text primary key,
    version text not null,
    first_used text not null,
    text text not null
) strict;

create table runs (
    id integer primary key,
    command text not null,
    started_at text not null,
    ended_at text,
    exit_code integer,
    reason text,
    rule_set text references rule_sets(digest),
    sources integer not null default 0,
    requests integer not null default 0,
    stored integer not null default 0,
    duplicate integer not null default 0,
    refused integer not null default 0,
    flagged integer not null default 0
) strict;

create table polls (
    id integer primary key,
    run integer not null references runs(id),
    source text not null references sources(slug),
    started_at text not null,
    seconds real not null,
    requests integer not null,
    new_pages integer not null,
    stored integer not null,
    duplicate integer not null,
    refused integer not null,
    flagged integer not null,
    errors text not null default '{}',
    unique (run, source)
) strict;

create table feeds (
    url text not null,
    source text not null references sources(slug),
    kind text not null,
    etag text,
    last_modified text,
    body_hash text,
    polls integer not null default 0,
    links integer,
    problem text,
    last_polled_at text not null,
    last_worked_at text,
    last_new_at text,
    primary key (source, url)
) strict;

create table pages (
    id integer primary key,
    canonical_url text not null unique,
    url text not null,
    source text not null references sources(slug),
    discovered_by text not null,
    title_hint text,
    published_hint text,
    state text not null default 'queued' check (state in ('queued', 'settled')),
    outcome text check (outcome in ('stored', 'duplicate', 'refused')),
    reason text,
    detail text,
    attempts integer not null default 0,
    next_attempt_at text,
    http_status integer,
    queued_at text not null,
    settled_at text,
    article integer references articles(id),
    check ((state = 'settled') = (outcome is not null))
) strict;
create index pages_queued on pages (source, next_attempt_at) where state = 'queued';
create index pages_outcome on pages (source, outcome, reason) where state = 'settled';
create index pages_article on pages (article) where article is not null;

create table clusters (
    id integer primary key,
    first_seen text not null,
    agency text,
    independent_sources integer not null default 1
) strict;

create table articles (
    id integer primary key,
    source text not null references sources(slug),
    url text not null,
    canonical_url text not null unique,
    title text not null,
    standfirst text,
    text text not null,
    authors text not null default '[]',
    published_at text,
    published_printed text,
    published_precision text,
    published_from text,
    modified_at text,
    first_seen text not null,
    last_checked text not null,
    language text not null,
    language_confidence real not null,
    section text,
    tags text not null default '[]',
    image text,
    partial integer not null default 0,
    digest text not null,
    text_digest text not null,
    cluster integer references clusters(id)
) strict;
create index articles_source on articles (source, published_at);
create index articles_published on articles (published_at);
create index articles_first_seen on articles (first_seen);
create index articles_text_digest on articles (text_digest);
create index articles_cluster on articles (cluster) where cluster is not null;

create table revisions (
    id integer primary key,
    article integer not null references articles(id),
    seen_at text not null,
    title text not null,
    standfirst text,
    text text not null,
    digest text not null
) strict;
create index revisions_article on revisions (article);

create table fingerprints (
    hash integer not null,
    article integer not null references articles(id),
    primary key (hash, article)
) strict, without rowid;
create index fingerprints_article on fingerprints (article);

create table flags (
    article integer primary key references articles(id),
    rule_set text not null references rule_sets(digest),
    flagged integer not null,
    score integer not null check (score between 0 and 100),
    themes text not null default '[]',
    countries text not null default '[]',
    mentioned text not null default '[]',
    undecided text not null default '[]',
    status text,
    status_words text,
    arithmetic text not null default '[]',
    flagged_at text not null
) strict;
create index flags_queue on flags (score desc, article) where flagged = 1;
create index flags_rule_set on flags (rule_set);

create table matches (
    id integer primary key,
    article integer not null references articles(id),
    rule text not null,
    theme text,
    field text not null check (field in ('title', 'lead', 'text')),
    start integer not null,
    "end" integer not null,
    words text not null,
    sentence_start integer not null,
    sentence_end integer not null,
    term text,
    masked text
) strict;
create index matches_article on matches (article);
create index matches_rule on matches (rule);

create table mentions (
    id integer primary key,
    article integer not null references articles(id),
    codes text not null,
    field text not null check (field in ('title', 'lead', 'text')),
    start integer not null,
    "end" integer not null,
    words text not null,
    partner integer not null
) strict;
create index mentions_article on mentions (article);

create table verdicts (
    id integer primary key,
    article integer not null references articles(id),
    verdict text not null check (verdict in ('relevant', 'irrelevant', 'unsure')),
    reason text,
    note text,
    themes text,
    countries text,
    reviewer text not null,
    rule_set text,
    score integer,
    at text not null
) strict;
create index verdicts_article on verdicts (article, id);
create trigger verdicts_are_kept before delete on verdicts
begin select raise(abort, 'verdicts are append-only'); end;
create trigger verdicts_are_final before update on verdicts
begin select raise(abort, 'verdicts are append-only'); end;

create table raw_pages (
    article integer primary key references articles(id),
    url text not null,
    fetched_at text not null,
    status integer not null,
    headers text not null,
    sha256 text not null,
    body blob not null
) strict;

create view flagged_articles as
select articles.id, articles.title, articles.source, sources.name as source_name,
       sources.country as source_country, sources.alignment, articles.url,
       articles.published_at, articles.first_seen, flags.score, flags.themes, flags.countries,
       flags.mentioned, flags.status, flags.rule_set,
       (select group_concat(distinct words) from matches
         where matches.article = articles.id and masked is null) as words
from flags
join articles on articles.id = flags.article
join sources on sources.slug = articles.source
where flags.flagged = 1;

create view source_health as
select sources.slug, sources.name, sources.country,
       (select max(runs.started_at) from polls join runs on runs.id = polls.run
         where polls.source = sources.slug) as last_polled_at,
       (select max(first_seen) from articles where articles.source = sources.slug) as last_new_at,
       (select count(*) from articles where articles.source = sources.slug
           and first_seen > strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-7 days')) as articles_7_days,
       (select errors from polls where polls.source = sources.slug
         order by polls.id desc limit 1) as last_errors
from sources;
