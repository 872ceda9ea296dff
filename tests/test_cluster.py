"""A real Dask cluster counts what is counted alone; in a process of its own, which a hang cannot outlive."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SECONDS = 60


def test_a_cluster_counts_the_same() -> None:
    pytest.importorskip("dask.distributed", exc_type=ImportError)
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.cluster_trial"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"no answer within {SECONDS} s: {process.communicate()}")
    assert 0 == process.returncode, err
    handed_out = [int(line.partition(": ")[2]) for line in out.splitlines()]
    assert 2 == len(handed_out)
    assert all(tasks > 40 for tasks in handed_out), "the cluster was not asked"
