"""Shares of a promise that few kept, or few missed, told as a minimum.

Belongs here: the SQL that replaces `numerator`, `value` and `is_met` in large cells. Does not
belong here: how cells are made (small_counts.py), how a value is written (measures.py).

Of 300 files 298 were in time: the cell is large, but who counts back finds two. So what was missed
is told in steps of the threshold, upwards: an office kept its promise at least so often. Nobody and
everybody are told as they are, and so is the whole fund, unless few of all its files missed or
kept. Where fewer than the threshold would remain as kept, no share is told. The whole fund less its
other offices gives no office: where two or more missed, each can always have missed another
number; where that is not so, no office of that quarter has a share. Whether a target was met is
said where the whole step lies on one side of it.
"""

from __future__ import annotations

from dashboards.access.cells import Cells


def as_minimum(cells: Cells, atoms: str, threshold: int) -> str:
    """Return the select `atoms` with its shares told as a minimum."""
    column, total = cells.margin
    group = ", ".join(cells.period)
    step = threshold
    # What was missed lies between `least_missed` and `missed_told`.
    return f"""
        with judged as (
            select
                *,
                {cells.shares} as is_share,
                {column} = '{total}' as is_total,
                denominator - numerator as missed,
                least(missed, numerator) between 1 and {threshold - 1} as is_few,
                missed = 0 or numerator = 0 or (is_total and not is_few and missed > {step})
                    as is_exact,
                case when is_exact then missed else {step} * ceil(missed / {step}) end
                    as missed_told,
                case when is_exact then missed else missed_told - {step - 1} end as least_missed
            from ({atoms})
        ),
        added as (
            select
                *,
                count(*) filter (where not is_total and not is_exact) over one_quarter as parts,
                sum(least_missed) filter (where not is_total) over one_quarter as least,
                sum(least(missed_told, denominator)) filter (where not is_total) over one_quarter
                    as most,
                any_value(missed_told) filter (where is_total) over one_quarter as together,
                any_value(least_missed) filter (where is_total) over one_quarter as together_least,
                bool_or(is_few) filter (where not is_total) over one_quarter as has_few,
                has_few and coalesce(
                    together <= least
                    or together_least >= most
                    or (parts < 2 and together = together_least),
                    true
                ) as is_found_by_total
            from judged
            window one_quarter as (partition by {group})
        ),
        told as (
            select
                *,
                not is_exact and denominator - missed_told < {threshold}
                or not is_total and is_found_by_total as is_untold
            from added
        )
        select
            * exclude (
                is_share, is_total, missed, is_few, is_exact, missed_told, least_missed, parts,
                least, most, together, together_least, has_few, is_found_by_total, is_untold
            )
            replace (
                case
                    when not is_share then numerator
                    when not is_untold then cast(denominator - missed_told as decimal(18, 2))
                end as numerator,
                case
                    when not is_share then value
                    when not is_untold
                        then cast((denominator - missed_told) / denominator as double)
                end as value,
                case
                    when not is_share or is_exact and not is_untold then is_met
                    when is_untold then null
                    when denominator - missed_told >= target * denominator then true
                    when denominator - least_missed < target * denominator then false
                end as is_met
            )
        from told
    """
