"""Answers in probabilities: an interval, everybody's intervals, and how they move."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attendance.errors import QuestionError, UnknownName, did_you_mean, shown
from attendance.formats.tables import Table, Tabular
from attendance.model.outcome import Frozen, Key, find_attendance, find_fact
from attendance.model.participants import Attendance
from attendance.questions.likelihood import Within
from attendance.questions.tables import ChanceRow, SlopeRow

EXACT = 12
"""Up to so many digits a fraction is told as a decimal."""
SHORT = 6
"""A fraction of fewer digits below the line is told as such."""


@dataclass(frozen=True)
class Sample:
    """How an interval was sampled: so many worlds, from that seed.

    With at least that confidence the lower end lies within `lower`, and the upper one within `upper`.
    """

    size: int
    seed: int
    confidence: float
    lower: Within
    upper: Within

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "size": self.size,
            "seed": self.seed,
            "confidence": self.confidence,
            "lower": list(self.lower),
            "upper": list(self.upper),
        }

    def __str__(self) -> str:
        span = f"{self.lower[0]:.4f} to {self.upper[1]:.4f}"
        return f"sampled: {self.size:,} worlds, seed {self.seed}; {span} with {100 * self.confidence:g}% confidence"


@dataclass(frozen=True, repr=False)
class Interval:
    """The probability of a goal: that it holds in every outcome (`lower`), and that it does in some (`upper`).

    Two intervals are equal if their ends are. `exact` says whether these are the probabilities themselves;
    if not, `sample` says how they were estimated. `inconsistent` is the probability of the worlds without
    an outcome, `evidence` that of the worlds that have one that meets what is given (None if nothing is).
    """

    lower: Fraction
    upper: Fraction
    goal: str = field(default="", compare=False)
    case: str = field(default="", compare=False)
    scenario: str = field(default="", compare=False)
    method: str = field(default="planes", compare=False)
    inconsistent: Fraction = field(default=Fraction(0), compare=False)
    evidence: Fraction | None = field(default=None, compare=False)
    sample: Sample | None = field(default=None, compare=False)
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def exact(self) -> bool:
        """Whether nothing was sampled."""
        return self.sample is None

    def __iter__(self) -> Iterator[Fraction]:
        return iter((self.lower, self.upper))

    def __float__(self) -> float:
        if self.lower != self.upper:
            raise QuestionError(f"{self}: an interval is not one number\n    ask for its .lower or its .upper")
        return float(self.lower)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; fractions as text, exact."""
        return {
            "case": self.case,
            "scenario": self.scenario,
            "goal": self.goal,
            **self.ends(),
            "inconsistent": exactly(self.inconsistent),
            "evidence": None if self.evidence is None else exactly(self.evidence),
            "warnings": list(self.warnings),
        }

    def ends(self) -> dict[str, Any]:
        """The numbers alone, JSON-ready."""
        return {
            "lower": exactly(self.lower),
            "upper": exactly(self.upper),
            "exact": self.exact,
            "method": self.method,
            "sample": None if self.sample is None else self.sample.to_dict(),
        }

    def __repr__(self) -> str:
        return f"Interval({number(self.lower)}, {number(self.upper)}, method={self.method!r})"

    def __str__(self) -> str:
        told = number(self.lower) if self.lower == self.upper else f"{number(self.lower)} to {number(self.upper)}"
        return told if self.sample is None else f"{told} ({self.sample})"


def number(share: Fraction) -> str:
    """A probability as a decimal if that is exact and short, else as a short fraction; else rounded, and said so."""
    scaled = share * 10**EXACT
    if scaled.denominator == 1:
        return f"{int(scaled) // 10**EXACT}.{int(scaled) % 10**EXACT:0{EXACT}}".rstrip("0").rstrip(".")
    if share.denominator < 10**SHORT:
        return str(share)
    rounded = f"{float(share):.6g}"
    return f"about {rounded}" if float(rounded) else "nearly 0"


def exactly(share: Fraction) -> str:
    """A fraction as text, however many digits it has."""
    above, below = Decimal(share.numerator), Decimal(share.denominator)  # whose texts have no limit
    return f"{above}" if share.denominator == 1 else f"{above}/{below}"


@dataclass(frozen=True, repr=False)
class Marginals(Mapping[Attendance, Interval], Tabular[ChanceRow]):
    """Everybody's probability of attending: `found["zelensky"].lower`; all of them found at once."""

    case: str
    scenario: str
    intervals: Frozen[Attendance, Interval]
    inconsistent: Fraction
    evidence: Fraction | None
    main: str
    warnings: tuple[str, ...]

    def __getitem__(self, key: Key) -> Interval:
        return self.intervals[find_attendance(self.intervals, key, self.main)]

    def __iter__(self) -> Iterator[Attendance]:
        return iter(self.intervals)

    def __len__(self) -> int:
        return len(self.intervals)

    @property
    def table(self) -> Table[ChanceRow]:
        """A row for each attendance."""
        rows = (
            ChanceRow(a.gathering, a.participant, float(i.lower), float(i.upper), i.exact)
            for a, i in self.intervals.items()
        )
        return Table(ChanceRow, tuple(rows))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: by gathering and participant; fractions as text, exact."""
        found: dict[str, dict[str, Any]] = {}
        for attendance, interval in self.intervals.items():
            found.setdefault(attendance.gathering, {})[attendance.participant] = interval.ends()
        return {
            "case": self.case,
            "scenario": self.scenario,
            "probabilities": found,
            "inconsistent": exactly(self.inconsistent),
            "evidence": None if self.evidence is None else exactly(self.evidence),
            "warnings": list(self.warnings),
        }

    def __repr__(self) -> str:
        return f"Marginals({dict(self)!r})"

    def __str__(self) -> str:
        return "\n".join(f"{attendance}: {interval}" for attendance, interval in self.intervals.items())


@dataclass(frozen=True, repr=False)
class Sensitivity(Mapping[str, tuple[Fraction, Fraction]], Tabular[SlopeRow]):
    """How much a goal's probability rises with each thing left to chance, the most telling first.

    The slopes (exact derivatives) of the lower and of the upper end, by the name of the fact or
    participant, or the id of the statement. A slope of 1/2 adds 0.05 for every 0.1.
    """

    interval: Interval
    slopes: Frozen[str, tuple[Fraction, Fraction]]

    def __getitem__(self, name: str) -> tuple[Fraction, Fraction]:
        found = find_fact(self.slopes, name)
        if found is None:
            raise UnknownName(f"there is no slope of {shown(name)}", shown(name), did_you_mean(str(name), self.slopes))
        return self.slopes[found]

    def __iter__(self) -> Iterator[str]:
        return iter(self.slopes)

    def __len__(self) -> int:
        return len(self.slopes)

    @property
    def table(self) -> Table[SlopeRow]:
        """A row for each thing left to chance."""
        return Table(SlopeRow, tuple(SlopeRow(n, float(low), float(high)) for n, (low, high) in self.slopes.items()))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; fractions as text, exact."""
        slopes = {name: {"lower": exactly(low), "upper": exactly(high)} for name, (low, high) in self.slopes.items()}
        return {**self.interval.to_dict(), "sensitivity": slopes}

    def __repr__(self) -> str:
        return f"Sensitivity({ {name: slope_text(*slope) for name, slope in self.slopes.items()} })"

    def __str__(self) -> str:
        return "\n".join(f"{name}: {slope_text(*slope)}" for name, slope in self.slopes.items())


def slope_text(low: Fraction, high: Fraction) -> str:
    """The slopes of both ends in words."""
    return signed(low) if low == high else f"{signed(low)} (lower end), {signed(high)} (upper end)"


def signed(slope: Fraction) -> str:
    """A slope with its sign."""
    return f"{'-' if slope < 0 else '+'}{number(abs(slope))}"
