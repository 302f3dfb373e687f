"""`python -m tests.unit.disclosure.prove FIRST LAST`: random tables FIRST to LAST - 1 against full
enumeration, beyond what the suite keeps. Prints every contradiction; exit code 1 when there is one.
"""

from __future__ import annotations

import sys

from tests.unit.disclosure.test_disclosure_enumeration import check_attacker, check_optimum


def main(first: int, last: int) -> int:
    """Run the checks; returns the exit code."""
    wrong = attacked = compared = 0
    for seed in range(first, last):
        try:
            attacked += check_attacker(seed)
            compared += check_optimum(seed, 2)
        except AssertionError as error:
            wrong += 1
            print(f"table {seed}: {error}", flush=True)
    print(f"{last - first} tables, {attacked} attacked by every state, {compared} against every")
    print(f"pattern, {wrong} contradictions")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
