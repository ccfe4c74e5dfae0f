-- The precision of rules, from the few articles that have a verdict to their matches:
-- the view before read every match there is, which took minutes at 5,000 flags.

drop view rule_precision;
create view rule_precision as
with latest as materialized (
    select article, verdict, max(id) from standing_verdicts
     where verdict in ('relevant', 'irrelevant') group by article),
firing as materialized (
    select distinct latest.article, latest.verdict, matches.rule, matches.theme
      from latest
      cross join flags on flags.article = latest.article and flags.flagged = 1
      cross join matches on matches.article = latest.article and matches.masked is null)
select rule, theme,
       sum(verdict = 'relevant') as relevant,
       sum(verdict = 'irrelevant') as irrelevant,
       round(1.0 * sum(verdict = 'relevant') / count(*), 3) as precision
from firing
group by rule, theme;
