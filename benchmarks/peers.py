"""The library beside its peers: the same work, in the same run, every answer checked before it is timed.

    python benchmarks/peers.py [--only NAME] [--quick] [--limit SECONDS] [--runs N] [--json FILE]

What each row and figure means is told in docs/performance.md. Ends with status 1 if answers differ.
"""

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from limits import BITS, bits_per_second, literals, touched
from rivals import OURS, RIVALS, Rival
from rivals.ours import network_of
from trials import MismatchError, Trial, attempt
from works import WORKS, Sweep, Work

from attendance.network import Network


@dataclass(frozen=True)
class Row:
    """A piece of work with what came of it: milliseconds, None where there are none, and why."""

    name: str
    us: float | None
    again: float | None
    limit: float
    runs: int
    peers: Mapping[str, float | None]
    late: tuple[str, ...]
    unfit: Mapping[str, str]
    sampled: bool


def milliseconds(trial: Trial, times: float = 1.0) -> float | None:
    """The median of a trial's runs."""
    return statistics.median(trial.seconds) * 1e3 * times if trial.seconds else None


def best(work: Work, throughput: float) -> float:
    """The milliseconds that the machine would take at best."""
    of = work.make()
    if isinstance(of, Sweep):
        return of.size * literals(network_of(of)) / throughput * 1e3
    return touched(of if isinstance(of, Network) else network_of(of)) * 1e3


def row(work: Work, throughput: float, runs: int, limit: float) -> Row:
    """One piece of work, by everybody. Raises MismatchError."""
    sampled = work.question == "sweep"
    expected, scale = None, 1.0
    if sampled:  # the sample is checked with everybody, scenario by scenario; then ours is timed on the whole
        expected = attempt(OURS, work, question="one_by_one", sampled=True, runs=0, limit=10 * limit).answer
        attempt(OURS, work, expected=expected, sampled=True, runs=0, limit=limit)
        scale = work.make().size / work.sample
    ours = attempt(OURS, work, runs=runs, limit=limit)
    if not sampled:  # if ours is too late it is waited for all the same: nobody goes unchecked
        expected = attempt(OURS, work, runs=0, limit=10 * limit).answer if ours.late else ours.answer
    found = {
        rival.name: attempt(rival, work, expected=expected, sampled=sampled, runs=runs, limit=limit) for rival in RIVALS
    }
    return Row(
        work.name,
        milliseconds(ours),
        statistics.median(ours.again) * 1e3 if ours.again else None,
        best(work, throughput),
        len(ours.seconds),
        {name: milliseconds(trial, scale) for name, trial in found.items()},
        tuple(name for name, trial in {OURS.name: ours, **found}.items() if trial.late),
        {name: trial.unfit for name, trial in {OURS.name: ours, **found}.items() if trial.unfit is not None},
        sampled and scale > 1,
    )


# --- the table ---


def figure(value: float | None) -> str:
    """Three digits that count."""
    if value is None:
        return "-"
    if value < 0.001:
        return "<0.001"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value >= 1 else f"{value:.2g}"


def cell(found: Row, name: str, limit: float) -> str:
    """The time of a peer, and how many times ours that is."""
    if name in found.late:
        return f"> {limit:g} s"
    value = found.peers.get(name)
    if value is None:
        return "-"
    about = "~" if found.sampled else ""
    return f"{about}{figure(value)}" + (f" ({figure(value / found.us)}x)" if found.us else "")


def cells(number: int, found: Row, rivals: Sequence[Rival], limit: float) -> list[str]:
    """A line of the table."""
    ours = f"> {limit:g} s" if OURS.name in found.late else figure(found.us)
    distance = figure(found.us / found.limit) + "x" if found.us else "-"
    times = [cell(found, rival.name, limit) for rival in rivals]
    return [str(number), found.name, ours, figure(found.again), figure(found.limit), distance, *times]


def table(rows: Sequence[Row], rivals: Sequence[Rival], limit: float) -> str:
    """All lines, in columns."""
    heads = ["", "milliseconds", "us", "again", "limit", "us/limit", *(rival.name for rival in rivals)]
    lines = [heads, *(cells(n, found, rivals, limit) for n, found in enumerate(rows, 1))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [
        [text.ljust(w) if i == 1 else text.rjust(w) for i, (text, w) in enumerate(zip(line, widths, strict=True))]
        for line in lines
    ]
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def reasons(rows: Sequence[Row]) -> list[str]:
    """Why there is no figure, each reason once."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, of in enumerate(rows, 1):
        for name, reason in of.unfit.items():
            found.setdefault((name, reason), []).append(number)
    return [f"- {name} ({', '.join(map(str, numbers))}): {reason}" for (name, reason), numbers in found.items()]


def versions(rivals: Sequence[Rival]) -> dict[str, str | None]:
    return {rival.package: rival.version for rival in rivals}


def main() -> int:
    parser = argparse.ArgumentParser(description="The library beside its peers.")
    parser.add_argument("--only", metavar="NAME", default="", help="only pieces of work with this in their name")
    parser.add_argument("--quick", action="store_true", help="the small pieces, three runs, 5 s at most")
    parser.add_argument("--limit", type=float, metavar="SECONDS", help="how long one answer may take (20)")
    parser.add_argument("--runs", type=int, metavar="N", help="runs of which the median is taken (7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    asked = parser.parse_args()
    runs, limit = asked.runs or (3 if asked.quick else 7), asked.limit or (5.0 if asked.quick else 20.0)
    works = [w for w in WORKS if asked.only in w.name and (w.quick or not asked.quick)]
    if not works:
        parser.error(f"no piece of work has {asked.only!r} in its name: {', '.join(w.name for w in WORKS)}")
    throughput = bits_per_second()
    rows = []
    for number, work in enumerate(works, 1):
        print(f"{number} of {len(works)}: {work.name}", file=sys.stderr, flush=True)
        try:
            rows.append(row(work, throughput, runs, limit))
        except MismatchError as error:
            print(f"answers differ: {error}", file=sys.stderr)
            return 1
        print("  " + "  ".join(cells(number, rows[-1], RIVALS, limit)), file=sys.stderr, flush=True)
    print(table(rows, RIVALS, limit))
    print(f"\nMedians of {runs} runs (fewer where they add up to {limit / 2:g} s); in brackets: how many times ours.")
    print(f"`a & b` of {BITS:,} bits: {throughput / 1e9:,.0f} thousand million bits a second.")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.")
    print(", ".join(f"{package} {v or 'not installed'}" for package, v in versions((OURS, *RIVALS)).items()))
    for number, work in enumerate(works, 1):
        print(f"{number:2}. {work.name}: {work.means}.")
    print("\n".join(reasons(rows)))
    if asked.json:
        told = {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "versions": versions((OURS, *RIVALS)),
            "runs": runs,
            "limit_s": limit,
            "and_bits_per_second": throughput,
            "rows": [asdict(found) for found in rows],
        }
        asked.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
