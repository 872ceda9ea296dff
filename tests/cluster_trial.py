"""Sweeps on a real cluster of two processes; writes how many tasks it was handed. Run by test_cluster.py."""

import pickle
import sys
from typing import Any

from dask.distributed import Client, LocalCluster

import attendance as at
from attendance.engines import tallying
from attendance.model.case import Case

DELEGATES = [f"d{i}" for i in range(10)]
VOTE = at.case(
    """
    ann attends only if at least 4 of delegates
    bob attends unless ann
    cem attends only if bob or d0
    """,
    groups={"delegates": DELEGATES},
)
TORN = at.case("ann attends only if d0 and d1\nbob declines if d2\nbob attends only if d3")
OVER = [*DELEGATES[:8], "ann"]


def sure(true: bool) -> None:
    """An assertion, which python -O leaves in."""
    if not true:
        raise AssertionError


class Counting:
    """An executor that tells how many tasks went through it, and that none of them has a case."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.submitted = inner, 0

    def submit(self, function: Any, /, *arguments: Any) -> Any:
        self.submitted += 1
        sure(Case.__module__.encode() not in pickle.dumps(arguments))  # only the network travels
        return self.inner.submit(function, *arguments)


def main() -> None:
    tallying.LANES, tallying.NEAR, tallying.WORTH = 64, 0, 0.0
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster, timeout=30) as client,
    ):
        client.wait_for_workers(2, timeout=30)
        for workers in (2, 1):
            if workers == 1:
                client.retire_workers([next(iter(client.scheduler_info()["workers"]))])
            sure(workers == len(client.scheduler_info()["workers"]))
            executor = Counting(client.get_executor(pure=False))
            for case, over, more in (
                (VOTE, DELEGATES, {}),
                (VOTE, OVER, {"given": ["exactly 3 of delegates"]}),
                (VOTE, DELEGATES, {"sample": 1000, "seed": 5}),
                (TORN, ["d0", "d1", "d2", "d3"], {"given": ["bob"], "rows": range(3, 15)}),
            ):
                alone = at.sweep(case, over, **more)
                sure(alone == at.sweep(case, over, executor=executor, **more))
            broken = at.sweep(VOTE, DELEGATES, executor=executor, progress=lambda done, whole: done < 256)
            sure(not broken.complete)
            sure(256 == sum(broken.counts("ann")))
            sys.stdout.write(f"{workers}: {executor.submitted}\n")


if __name__ == "__main__":
    main()
