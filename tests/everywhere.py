"""`python -m tests.everywhere [ROUND ...]`: the suite in each way of running Python that could change an answer.

A way is `optimised` (python -O), `strict` (-W error), `hash-1` or `hash-2` (seeds of Python's hashes), `shuffled`
(random order, another one every time), or `3.11`, `3.12`, `3.13`: other Pythons, each in an environment of its own
beside `.venv`; one that is not to be had is told and left out. A round is ways joined by `+`; without any, three rounds
have all ways between them. All run on all cores. Ends with status 1 where a test failed.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
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


TOOLS = "tests/requirements.txt"
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
ROUNDS = ("3.11+shuffled+hash-1", "3.12+strict+hash-2", "3.13+optimised")


def main() -> None:
    """The rounds that the command line names, or all."""
    asked = {name: name.split("+") for name in sys.argv[1:] or ROUNDS}
    if unknown := [way for ways in asked.values() for way in ways if way not in WAYS]:
        sys.exit(f"unknown: {', '.join(unknown)}; the ways are: {', '.join(WAYS)}")
    sys.exit(sum([run(name, [WAYS[way] for way in ways]) for name, ways in asked.items()]) > 0)


def run(name: str, ways: Sequence[Way]) -> bool:
    """Whether a test failed; prints one line, and of failures the end of what pytest says."""
    version = next((way.version for way in ways if way.version), None)
    python = sys.executable if version is None else python_of(version)
    if python is None:
        print(f"{name}: there is no Python {version} here", flush=True)
        return False
    begun = time.monotonic()
    further = [option for way in ways for option in way.further]
    command = [python, *(option for way in ways for option in way.options), *SUITE, *further]
    environment = {key: value for way in ways for key, value in way.environment.items()}
    made = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    counts = re.findall(r"\d+ (?:passed|failed|skipped|errors?)", made.stdout.strip().rpartition("\n")[2])
    print(f"{name}: {', '.join(counts)} in {time.monotonic() - begun:.0f} s {' '.join(further)}", flush=True)
    if made.returncode:
        whole = Path(f".venv/everywhere-{name}.log")
        whole.write_text(made.stdout + made.stderr, encoding="utf-8")
        print(made.stdout[-2000:], f"all of it is in {whole}", sep="\n", flush=True)
    return made.returncode != 0


def python_of(version: str) -> str | None:
    """The Python of an environment that has the library and its tools; made where it is not there yet."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    folder = Path(f".venv-{version}")
    if not folder.exists():
        found = shutil.which(f"python{version}")
        if found is None:
            return None
        subprocess.run([found, "-m", "venv", folder], check=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "-q", "-c", "constraints.txt", "-c", TOOLS]
        subprocess.run([*install, "-e", ".[all,dev]", "pytest-random-order"], check=True)
    return str(folder / "bin" / "python")


if __name__ == "__main__":
    main()
