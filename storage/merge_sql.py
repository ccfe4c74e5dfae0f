"""Merge SQL: the statements of a merge; `other` is the archive that is read.

`temp.numbers` says which number an article of the other archive has here.
"""

NUMBERS = "create temp table numbers (theirs integer primary key, ours integer not null)"

SOURCES = """
    insert into main.sources select * from other.sources where true on conflict do nothing
"""
RULE_SETS = """
    insert into main.rule_sets select * from other.rule_sets where true on conflict do nothing
"""
RUNS = """
    insert into main.runs (command, started_at, ended_at, exit_code, reason, rule_set, sources,
                           requests, stored, duplicate, refused, flagged)
    select command, started_at, ended_at, exit_code, reason, rule_set, sources,
           requests, stored, duplicate, refused, flagged
      from other.runs as theirs
     where ended_at is not null
       and not exists (
        select 1 from main.runs as ours
         where ours.command = theirs.command and ours.started_at = theirs.started_at
           and ours.ended_at is theirs.ended_at and ours.requests = theirs.requests
           and ours.stored = theirs.stored and ours.refused = theirs.refused)
     order by id
"""
POLLS = """
    insert into main.polls (run, source, started_at, seconds, requests, new_pages, stored,
                            duplicate, refused, flagged, errors, tls_verified, characters)
    select (select max(ours.id) from main.runs as ours
             where ours.command = run.command and ours.started_at = run.started_at
               and ours.ended_at is run.ended_at and ours.requests = run.requests
               and ours.stored = run.stored and ours.refused = run.refused),
           polls.source, polls.started_at, polls.seconds, polls.requests, polls.new_pages,
           polls.stored, polls.duplicate, polls.refused, polls.flagged, polls.errors,
           polls.tls_verified, polls.characters
      from other.polls as polls
      join other.runs as run on run.id = polls.run
     where run.ended_at is not null
    on conflict do nothing
"""
FEEDS = """
    insert into main.feeds select * from other.feeds where true
    on conflict (source, url) do update set
        kind = excluded.kind, etag = excluded.etag, last_modified = excluded.last_modified,
        body_hash = excluded.body_hash, polls = excluded.polls, links = excluded.links,
        problem = excluded.problem, last_polled_at = excluded.last_polled_at,
        last_worked_at = excluded.last_worked_at, last_new_at = excluded.last_new_at,
        newest_at = excluded.newest_at
     where excluded.last_polled_at > feeds.last_polled_at
"""
# As `Hosts.wait` does it: the last note, and never an earlier end of the pause.
HOSTS = """
    insert into main.hosts (host, not_before, reason, noted_at)
    select host, not_before, reason, noted_at from other.hosts where true
    on conflict (host) do update set
        not_before = max(not_before, excluded.not_before),
        reason = excluded.reason, noted_at = excluded.noted_at
     where excluded.noted_at > hosts.noted_at
"""
# The plan that was made last: a poll is planned `every` seconds ahead of the one before.
SCHEDULES = """
    insert into main.schedules
           (source, next_poll_at, every, failures, rediscover_at, rediscoveries)
    select source, next_poll_at, every, failures, rediscover_at, rediscoveries
      from other.schedules where true
    on conflict (source) do update set
        next_poll_at = excluded.next_poll_at, every = excluded.every,
        failures = excluded.failures, rediscover_at = excluded.rediscover_at,
        rediscoveries = excluded.rediscoveries
     where unixepoch(excluded.next_poll_at) - excluded.every
           > unixepoch(schedules.next_poll_at) - schedules.every
"""

NEXT_ARTICLES = "select id from other.articles where id > ? order by id limit ?"
KNOWN_ARTICLE = """
    select ours.id from other.articles as theirs
      join main.articles as ours on ours.canonical_url = theirs.canonical_url
     where theirs.id = ?1
    union all
    select ours.id from other.articles as theirs
      join main.articles as ours indexed by articles_text_digest
        on ours.text_digest = theirs.text_digest and ours.source = theirs.source
     where theirs.id = ?1
     limit 1
"""
_ARTICLE = """source, url, canonical_url, title, standfirst, text, authors, published_at,
    published_printed, published_precision, published_from, modified_at, first_seen, last_checked,
    language, language_confidence, section, tags, image, partial, digest, text_digest, agency"""
ARTICLE = f"""
    insert into main.articles ({_ARTICLE}) select {_ARTICLE} from other.articles where id = ?
"""  # noqa: S608 - a constant
_FLAG = """rule_set, flagged, score, themes, countries, mentioned, undecided, status,
    status_words, arithmetic, flagged_at"""
_MATCH = """rule, theme, field, start, "end", words, sentence_start, sentence_end, term, masked"""
_MENTION = """codes, field, start, "end", words, partner"""
_REVISIT = "checks, due_at, etag, last_modified, gone_at, problem"
OF_AN_ARTICLE = tuple(
    f"""
    insert into main.{table} (article, {columns})
    select :ours, {columns} from other.{table} where article = :theirs
    """  # noqa: S608 - constants
    for table, columns in (
        ("flags", _FLAG),
        ("matches", _MATCH),
        ("mentions", _MENTION),
        ("revisits", _REVISIT),
    )
)
_REVISION = "seen_at, title, standfirst, text, digest, added_flagged, added_score"
REVISIONS = f"""
    insert into main.revisions (article, {_REVISION})
    select numbers.ours, {_REVISION} from other.revisions as theirs
      join temp.numbers on numbers.theirs = theirs.article
     where theirs.article between :first and :last
       and not exists (select 1 from main.revisions as ours
                        where ours.article = numbers.ours and ours.digest = theirs.digest)
     order by theirs.id
"""  # noqa: S608 - a constant
# Two archives that saw an article at different times may have different texts: none is lost.
OTHER_TEXTS = """
    insert into main.revisions (article, seen_at, title, standfirst, text, digest)
    select ours.id, theirs.last_checked, theirs.title, theirs.standfirst, theirs.text,
           theirs.digest
      from other.articles as theirs
      join temp.numbers on numbers.theirs = theirs.id
      join main.articles as ours on ours.id = numbers.ours
     where theirs.id between :first and :last and ours.digest <> theirs.digest
       and ours.canonical_url = theirs.canonical_url
       and not exists (select 1 from main.revisions
                        where article = ours.id and digest = theirs.digest)
"""
RAW_PAGES = """
    insert into main.raw_pages (article, url, fetched_at, status, headers, sha256, body)
    select numbers.ours, url, fetched_at, status, headers, sha256, body
      from other.raw_pages as theirs
      join temp.numbers on numbers.theirs = theirs.article
     where theirs.article between :first and :last
    on conflict do nothing
"""

_PAGE = """canonical_url, url, source, discovered_by, title_hint, published_hint, state, outcome,
    reason, detail, attempts, next_attempt_at, http_status, queued_at, settled_at"""
# What waits for a backfill stays with the archive that does it.
PAGES = f"""
    insert into main.pages ({_PAGE}, article)
    select {_PAGE}, (select ours from temp.numbers where numbers.theirs = pages.article)
      from other.pages as pages
     where state = 'settled' or backfill is null
    on conflict (canonical_url) do nothing
"""  # noqa: S608 - a constant
SETTLE = """
    update main.pages set
        state = 'settled', outcome = theirs.outcome, reason = theirs.reason,
        detail = theirs.detail, attempts = theirs.attempts, next_attempt_at = null,
        http_status = theirs.http_status, settled_at = theirs.settled_at,
        article = (select ours from temp.numbers where numbers.theirs = theirs.article)
      from other.pages as theirs
     where theirs.canonical_url = main.pages.canonical_url
       and main.pages.state = 'queued' and theirs.state = 'settled'
"""
# An article that two archives stored from two pages was stored once: from the page that ended first.
STORED_ONCE = """
    update main.pages set outcome = 'duplicate'
     where outcome = 'stored' and article in (select ours from temp.numbers)
       and exists (select 1 from main.pages as earlier
                    where earlier.article = pages.article and earlier.outcome = 'stored'
                      and (earlier.settled_at, earlier.id) < (pages.settled_at, pages.id))
"""

# The numbers, here, of the verdicts that both archives have.
_SAME_VERDICT = """
    ours.article = numbers.ours and ours.reviewer = theirs.reviewer and ours.at = theirs.at
    and ours.verdict = theirs.verdict and ours.asked_by = theirs.asked_by
    and ours.note is theirs.note and (ours.withdraws is null) = (theirs.withdraws is null)
"""
VERDICT_NUMBERS = f"""
    create temp table given as
    select theirs.id as theirs, max(ours.id) as ours from other.verdicts as theirs
      join temp.numbers on numbers.theirs = theirs.article
      join main.verdicts as ours on {_SAME_VERDICT}
     group by theirs.id
"""  # noqa: S608 - constants
NEW_VERDICTS = """
    select id from other.verdicts where id not in (select theirs from temp.given) order by id
"""
_VERDICT = "verdict, reason, note, themes, countries, reviewer, rule_set, score, at, asked_by"
VERDICT = f"""
    insert into main.verdicts (article, withdraws, {_VERDICT})
    select (select ours from temp.numbers where numbers.theirs = verdicts.article),
           (select ours from temp.given where given.theirs = verdicts.withdraws), {_VERDICT}
      from other.verdicts as verdicts where id = ?
"""  # noqa: S608 - a constant
