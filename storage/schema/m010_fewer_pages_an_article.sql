-- Fewer pages of the disk for each new article: smaller indexes of passages, and fewer indexes.

drop index passages_of_any_age;
drop table passages;

-- The smallest hashes of an article, cut to 32 bits; `period` counts pairs of months from the year 0.
-- An index of `fingerprints`, which knows its articles: a foreign key here would read the row of an
-- article for each of its passages.
create table passages (
    period integer not null,
    hash integer not null,
    article integer not null,
    primary key (period, hash, article)
) strict, without rowid;

-- Those of them that can be found whatever their age.
create table lasting_passages (
    hash integer not null,
    article integer not null,
    primary key (hash, article)
) strict, without rowid;

-- `articles_source_dated` and `articles_dated` answer what these two did.
drop index articles_source;
drop index articles_published;

-- Whoever gives the date with the flag spares the look-up and a second write of the row.
drop trigger flags_take_the_date;
create trigger flags_take_the_date after insert on flags when new.date is null
begin
    update flags set date = (select date from articles where articles.id = new.article)
     where article = new.article;
end;
