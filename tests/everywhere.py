"""`python -m tests.everywhere [WAY ...]`: the suite in each way of running Python that could change an answer.

Ways are `optimised` (python -O), `strict` (-W error), `hash-1` and `hash-2` (seeds of Python's hashes), `shuffled`
(random order, another one every time), and `3.11`, `3.12`, `3.13`: other Pythons, each in an environment of its own
beside `.venv`; one that is not to be had is told and left out. All run on all cores. Ends with status 1 where a test failed.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

SUITE = ("-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", "-p", "no:cacheprovider", "tests")


@dataclass(frozen=True)
class Way:
    """How Python is run: by what version, with what options before the suite and after it, in what environment."""

    version: str | None = None
    options: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


DROPPED = "assertions not in test modules or plugins will be ignored"
"""A warning of pytest's: those of the tests are kept."""
SEED = str(random.randrange(10**6))
WAYS = {
    "optimised": Way(options=("-O",), further=("-W", f"ignore:{DROPPED}"), environment={"PYTHONOPTIMIZE": "1"}),
    "strict": Way(options=("-W", "error"), environment={"PYTHONWARNINGS": "error"}),
    "hash-1": Way(environment={"PYTHONHASHSEED": "1"}),
    "hash-2": Way(environment={"PYTHONHASHSEED": "2"}),
    "shuffled": Way(further=("--random-order", f"--random-order-seed={SEED}")),
    "3.11": Way("3.11"),
    "3.12": Way("3.12"),
    "3.13": Way("3.13"),
}


def main() -> None:
    """The ways that the command line names, or all."""
    asked = sys.argv[1:] or list(WAYS)
    if unknown := [name for name in asked if name not in WAYS]:
        sys.exit(f"unknown: {', '.join(unknown)}; the ways are: {', '.join(WAYS)}")
    sys.exit(sum([run(name, WAYS[name]) for name in asked]) > 0)


def run(name: str, way: Way) -> bool:
    """Whether a test failed; prints one line, and of failures the end of what pytest says."""
    python = sys.executable if way.version is None else python_of(way.version)
    if python is None:
        print(f"{name}: there is no Python {way.version} here", flush=True)
        return False
    begun = time.monotonic()
    command = [python, *way.options, *SUITE, *way.further]
    made = subprocess.run(command, env=os.environ | way.environment, capture_output=True, text=True, check=False)
    counts = re.findall(r"\d+ (?:passed|failed|skipped|errors?)", made.stdout.strip().rpartition("\n")[2])
    print(f"{name}: {', '.join(counts)} in {time.monotonic() - begun:.0f} s{way.further}", flush=True)
    if made.returncode:
        print(made.stdout[-6000:], made.stderr[-2000:], flush=True)
    return made.returncode != 0


def python_of(version: str) -> str | None:
    """The Python of an environment that has the library and its tools; made where it is not there yet."""
    folder = Path(f".venv-{version}")
    if not folder.exists():
        found = shutil.which(f"python{version}")
        if found is None:
            return None
        subprocess.run([found, "-m", "venv", folder], check=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "-q", "-c", "constraints.txt", "-e", ".[all,dev]"]
        subprocess.run(install, check=True)
    return str(folder / "bin" / "python")


if __name__ == "__main__":
    main()
