"""The imputation and cohort kernels on the same input in several engines, one module each.

Each engine module defines `run(folder) -> dict` with keys `impute_s`, `cohort_s` (seconds, reading
the Parquet input included) and `answer` (what must be equal for all engines). `__main__` writes the
input, runs every engine in a process of its own, compares the answers and prints the ratios.
"""
