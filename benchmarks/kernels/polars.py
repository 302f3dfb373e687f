"""The same in Polars, with its exact decimals."""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl


def run(folder: Path) -> dict:
    """Times the kernels on the Parquet input of `folder`."""
    start = time.perf_counter()
    money = pl.col("amount").cast(pl.Decimal(18, 2))
    charges = (
        pl.read_parquet(folder / "charges.parquet")
        .sort("account_id", "due_date", "charge_id")
        .with_columns(point=money.cum_sum().over("account_id"))
        .select("account_id", "point", "due_date", "charge_id")
    )
    payments = (
        pl.read_parquet(folder / "payments.parquet")
        .sort("account_id", "value_date", "payment_id")
        .with_columns(point=money.cum_sum().over("account_id"))
        .select("account_id", "point", "value_date", "payment_id")
    )
    rest = ["due_date", "value_date", "charge_id", "payment_id"]
    pieces = (
        pl.concat([charges, payments], how="diagonal")
        .sort("account_id", "point", maintain_order=True)
        .with_columns(
            (pl.col("point") - pl.col("point").shift(1).over("account_id").fill_null(0)).alias(
                "width"
            ),
            *(pl.col(name).backward_fill().over("account_id") for name in rest),
        )
        .filter(
            (pl.col("width") > 0)
            & pl.col("charge_id").is_not_null()
            & pl.col("payment_id").is_not_null()
        )
    )
    imputed = time.perf_counter()
    quarter = {name: pl.col(name).dt.year() * 4 + pl.col(name).dt.quarter() for name in rest[:2]}
    cohorts = (
        pieces.select(
            cohort=quarter["due_date"],
            k=pl.max_horizontal(quarter["value_date"] - quarter["due_date"], 0),
            width="width",
        )
        .group_by("cohort", "k")
        .agg(pl.col("width").sum())
        .sort("cohort", "k")
        .with_columns(collected=pl.col("width").cum_sum().over("cohort"))
    )
    done = time.perf_counter()
    return {
        "impute_s": imputed - start,
        "cohort_s": done - imputed,
        "answer": [
            pieces.height,
            f"{pieces['width'].sum():.2f}",
            cohorts.height,
            f"{cohorts['collected'].sum():.2f}",
        ],
    }
