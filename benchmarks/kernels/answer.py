"""What must be equal for all engines, as SQL for those that speak it.

Engines without SQL compute the same four values themselves.
"""


def answer_of(pieces: str, amount: str) -> str:
    """SQL of one row: pieces and their sum, cohort cells and the sum of what they collected.

    `pieces` names the table of pieces, `amount` its column; the cells are in `cohorts`.
    """
    return f"""
        select
            (select count(*) from {pieces}),
            (select cast(sum({amount}) as varchar) from {pieces}),
            (select count(*) from cohorts),
            (select cast(sum(collected) as varchar) from cohorts)
    """
