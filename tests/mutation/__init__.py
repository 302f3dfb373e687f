"""Mutation run: small faults put into the code that decides over money and rights, one at a time.

`python -m tests.mutation` (`make mutants`). A fault that no test notices is a survivor: it shows a
rule that is not tested, or a change that changes nothing (docs/mutants.md explains those). Does not
belong here: tests.
"""
