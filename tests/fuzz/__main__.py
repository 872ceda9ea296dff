"""`python -m tests.fuzz READER --runs N`: fuzzes a reader by coverage with atheris, from its corpus, and adds to it.

It goes on in pieces of a million runs, in processes of their own, in a work folder where the inputs that reach
more are kept; so it can be broken off, and begun again with the runs that are left. At the end, or by `--keep`
alone, the inputs are cut down to those that still reach more, and written to tests/fuzz/corpus/.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
PIECE = 1_000_000
"""Runs of one process: memory that leaks in them is given back."""
LONGEST = {"language": 256, "yaml": 400, "calendar": 1200, "journal": 800}
"""Bytes of an input: enough to hold several of whatever can be said, and few enough for many runs."""
SLOWEST = 10
"""Seconds that one input may take."""


def main() -> None:
    """Fuzz as the command line says. Ends with status 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("reader", choices=LONGEST)
    parser.add_argument("--runs", type=int, default=10_000_000)
    parser.add_argument("--work", type=Path, default=Path(".fuzz"))
    parser.add_argument("--keep", action="store_true", help="fuzz nothing, and write the corpus")
    parser.add_argument("--piece", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.piece is not None:
        fuzz(asked.reader, asked.piece)
    folder = asked.work / asked.reader
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(kept(asked.reader)):
        (folder / f"kept-{number}").write_bytes(data)
    begun, done = time.monotonic(), 0
    while done < asked.runs and not asked.keep:
        done += piece(asked.reader, folder, min(PIECE, asked.runs - done))
        print(f"{asked.reader}: {done:,} runs in {time.monotonic() - begun:,.0f} s, nothing found", flush=True)
    keep(asked.reader, folder)


def kept(reader: str) -> Iterator[bytes]:
    """The inputs that are kept for a reader."""
    file = CORPUS / f"{reader}.jsonl"
    for line in file.read_text(encoding="ascii").splitlines() if file.exists() else ():
        yield json.loads(line).encode("latin-1")


def piece(reader: str, folder: Path, runs: int) -> int:
    """So many runs in a process of their own; how many there were. Ends all with status 1 where something was found."""
    options = [f"-runs={runs}", f"-max_len={LONGEST[reader]}", f"-timeout={SLOWEST}", "-rss_limit_mb=4096", "-reload=0"]
    command = [sys.executable, "-m", "tests.fuzz", reader, "--piece", *options]
    words = CORPUS / f"{reader}.dict"
    command += [f"-dict={words}"] * words.exists()
    command += [f"-artifact_prefix={folder.parent}/{reader}-found-", str(folder)]
    log = folder.with_suffix(".log")
    with log.open("wb") as file:
        made = subprocess.run(command, stderr=file, check=False)
    said = log.read_text(errors="replace")
    counted = re.search(r"^Done (\d+) runs", said, re.MULTILINE)
    if made.returncode or counted is None:
        told = [line for line in said.splitlines() if not line.startswith("INFO: ")]
        print(*told[-60:], sep="\n", file=sys.stderr)
        sys.exit(1)
    return int(counted[1])


def fuzz(reader: str, options: list[str]) -> None:
    """Runs, in this process, until atheris ends it."""
    import atheris

    with atheris.instrument_imports(include=["attendance"]):
        from tests.fuzz.targets import READERS
    prefix = next((option.partition("=")[2] for option in options if option.startswith("-artifact_prefix=")), "")
    again = f"{sys.executable} -m tests.fuzz {reader} --piece"  # how libFuzzer starts itself to merge
    atheris.Setup([again, *options], telling(READERS[reader], Path(f"{prefix}wrong")))
    atheris.Fuzz()


def telling(read: Callable[[bytes], None], found: Path) -> Callable[[bytes], None]:
    """The reader, which writes what it fails at to a file: libFuzzer itself does not always do so."""

    def one(data: bytes) -> None:
        try:
            read(data)
        except Exception:
            found.write_bytes(data)
            print(f"the input is in {found}", file=sys.stderr)
            raise

    return one


def keep(reader: str, folder: Path) -> None:
    """Write those inputs of the folder that reach what no shorter one does."""
    CORPUS.mkdir(exist_ok=True)
    smallest = folder.parent / f"{reader}-smallest"
    shutil.rmtree(smallest, ignore_errors=True)
    smallest.mkdir()
    command = [sys.executable, "-m", "tests.fuzz", reader, "--piece", "-merge=1", f"-max_len={LONGEST[reader]}"]
    made = subprocess.run([*command, str(smallest), str(folder)], capture_output=True, text=True, check=False)
    if made.returncode or not any(smallest.iterdir()):
        sys.exit(f"{reader}: the inputs could not be cut down\n{made.stderr[-2000:]}")
    inputs = sorted((file.read_bytes() for file in smallest.iterdir()), key=lambda data: (len(data), data))
    lines = [json.dumps(data.decode("latin-1")) for data in inputs]
    (CORPUS / f"{reader}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    print(f"{reader}: {len(inputs):,} inputs are kept")


if __name__ == "__main__":
    main()
