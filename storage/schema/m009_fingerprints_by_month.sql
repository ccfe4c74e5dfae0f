-- Fingerprints by month: a copy is looked for among the articles of its own time.
-- In one table by hash each new article touched 22 pages of half a gigabyte, wherever they lay.

alter table fingerprints rename to hashes_before;

-- The sampled hashes of an article's passages, eight bytes each, the lowest byte first.
create table fingerprints (
    article integer primary key references articles(id),
    month integer not null,
    hashes blob not null
) strict;

-- `month` counts from the year 0, by the article's date.
create table passages (
    month integer not null,
    hash integer not null,
    article integer not null references articles(id),
    primary key (month, hash, article)
) strict, without rowid;
