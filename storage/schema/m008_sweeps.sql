-- Sweeps: how far each file of saved pages has been read, and what of it was passed over.

create table sweeps (
    file text not null,
    selection text not null,
    size integer not null,
    modified integer not null,
    position integer not null,
    done integer not null default 0,
    updated_at text not null,
    primary key (file, selection)
) strict;

-- Pages that were not extracted because no rule could fire on them; they are not in the queue.
alter table runs add column passed_over integer not null default 0;
