"""One month as a data frame, as a person would write it: factors are given, sums are doubles, and nothing is checked.

Usage: data-frames.py pandas|polars INPUTS USAGE OUT. Prints CPU seconds, seconds and the largest memory in MB as JSON.
"""

import json
import resource
import sys
import time

KEYS = ["usage_account_id", "cluster_id", "product_code"]
ROW = ["usage_account_id", "region_code", "location", "product_code"]
# kg of each cluster and service, as if they were computed.
KG = {"scope_1": 1234.5 / 7, "scope_2_lbm": 5432.1 / 7, "scope_2_mbm": 4321.5 / 7}


def with_pandas(inputs, usage, out):
    import pandas as pd

    read = lambda name: pd.read_csv(f"{inputs}/{name}.csv", dtype=str)
    clusters = read("clusters")[["cluster_id", "region_code", "location"]]
    services = read("services")[["product_code", "basis"]]
    lines = pd.read_parquet(usage)
    lines = lines[~lines["usage_account_id"].isin(read("internal_accounts")["account_id"])]
    lines = lines.merge(services, on="product_code")
    lines["amount"] = lines["usage_quantity"].where(lines["basis"] == "physical", lines["usage_revenue"])
    used = lines.groupby(KEYS, as_index=False, sort=False)["amount"].sum()
    used = used[used["amount"] > 0].merge(clusters, on="cluster_id")
    part = used["amount"] / used.groupby(["cluster_id", "product_code"])["amount"].transform("sum")
    for name, kg in KG.items():
        used[name] = kg * part / 1000
    rows = used.groupby(ROW, as_index=False, sort=True)[list(KG)].sum()
    rows.to_parquet(out, compression="snappy")


def with_polars(inputs, usage, out):
    import polars as pl

    read = lambda name: pl.scan_csv(f"{inputs}/{name}.csv", infer_schema=False)
    clusters = read("clusters").select("cluster_id", "region_code", "location")
    services = read("services").select("product_code", "basis")
    amount = pl.when(pl.col("basis") == "physical").then("usage_quantity").otherwise("usage_revenue")
    used = (
        pl.scan_parquet(usage)
        .join(read("internal_accounts"), left_on="usage_account_id", right_on="account_id", how="anti")
        .join(services, on="product_code")
        .group_by(KEYS)
        .agg(amount.sum().alias("amount"))
        .filter(pl.col("amount") > 0)
        .join(clusters, on="cluster_id")
    )
    part = pl.col("amount") / pl.col("amount").sum().over("cluster_id", "product_code")
    used = used.with_columns((kg * part / 1000).alias(name) for name, kg in KG.items())
    rows = used.group_by(ROW).agg(pl.col(name).sum() for name in KG).sort(ROW)
    rows.collect().write_parquet(out, compression="snappy")


start = time.perf_counter()
library, inputs, usage, out = sys.argv[1:]
{"pandas": with_pandas, "polars": with_polars}[library](inputs, usage, out)
used = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "cpuSeconds": used.ru_utime + used.ru_stime,
            "seconds": time.perf_counter() - start,
            "megabytes": used.ru_maxrss / 1024,
        }
    )
)
