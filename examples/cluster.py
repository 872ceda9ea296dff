"""Sixteen million scenarios, counted by the workers of a Dask cluster.

Needs dask and distributed: pip install dask distributed. The cluster here is two processes on this computer;
give `Client` the address of a scheduler, and it is as large as you like. What this prints is kept in
expected/cluster.txt.
"""

from dask.distributed import Client, LocalCluster

import attendance as at

DELEGATES = [f"d{i}" for i in range(1, 25)]
CASE = at.case(
    """
    chair attends only if at least 13 of delegates
    minister attends only if chair and at least 18 of delegates
    critic attends unless minister
    """,
    groups={"delegates": DELEGATES},
)


def main():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, timeout=30) as client,
    ):
        found = at.sweep(CASE, over=DELEGATES, executor=client.get_executor(pure=False))
    print(f"{len(found):,} scenarios")
    for who in ("chair", "minister", "critic"):
        attends, absent, undetermined = found.counts(who)
        print(f"{who:8} attends in {attends:,}, is absent in {absent:,}, undetermined in {undetermined:,}")
    print("the same without a cluster:", found == at.sweep(CASE, over=DELEGATES))


if __name__ == "__main__":  # the workers read this file too
    main()
