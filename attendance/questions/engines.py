"""Which engine answers for what in a case, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Unpack

from attendance.engines.solution import Block, Solution, by_clauses
from attendance.engines.sweeping import Part, Varied
from attendance.engines.tables import few_choices
from attendance.model.case import Case
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.questions.asking import Asked, ask


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine, the attendances and facts it answered for, and why it was that one."""

    engine: str
    names: tuple[str, ...]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"engine": self.engine, "names": list(self.names), "reason": self.reason}

    def __str__(self) -> str:
        return f"{self.engine}: {len(self.names)} ({self.reason})"


def engine_choices(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> tuple[Choice, ...]:
    """Which engine gives the verdicts of a case in a scenario, connected part by connected part, and why.

    Raises as `resolve` does.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    return tuple(_choices(asked, asked.solution))


def _choices(asked: Asked, solution: Solution) -> Iterator[Choice]:
    def names(atoms: Any) -> tuple[str, ...]:
        return tuple(asked.key(a) for a in sorted(atoms))

    fixed = [a for a, v in enumerate(solution.network.fixed) if v is not None]
    if fixed:
        yield Choice("none", names(fixed), "assumed, or known")
    if solution.settled - {*fixed}:
        yield Choice("propagation", names(solution.settled - {*fixed}), "certain without a search")
    if solution.free:
        yield Choice("none", names(solution.free), "nothing binds them: they may come or not")
    for block in solution.blocks:
        engine, reason = _why(solution, block)
        yield Choice(engine, names(block.piece.atoms), reason)


def choices_of_sweep(asked: Asked, varied: Varied) -> Iterator[Choice]:
    """Which engine gives the verdicts of many scenarios at once, connected part by connected part, and why."""

    def names(atoms: Iterable[int]) -> tuple[str, ...]:
        return tuple(asked.key(a) for a in sorted(atoms))

    fixed = [a for a, v in enumerate(varied.network.fixed) if v is not None and a not in varied.atoms]
    if varied.atoms:
        yield Choice("none", names(varied.atoms), "varied")
    if fixed:
        yield Choice("none", names(fixed), "assumed, or known")
    for part in varied.parts:
        engine, reason = _in_planes(part)
        yield Choice(engine, names(part.atoms[a] for a in part.inner), reason)


def _in_planes(part: Part) -> tuple[str, str]:
    """The engine of a connected part in many scenarios at once, and why."""
    if part.engine != "auto":
        return part.engine, "it was asked for: each scenario alone"
    if part.exact or part.following is not None:
        return "propagation", "certain without a search, in all scenarios at once"
    return "propagation", "a search in all scenarios at once; those that it leaves are solved alone"


def _why(solution: Solution, block: Block) -> tuple[str, str]:
    """The engine of a block, and why."""
    engine = block.engine.__name__.rpartition(".")[2]
    if block.set_aside:
        several = "one" if block.set_aside == 1 else str(block.set_aside)
        return engine, f"not all can be kept: every way to set {several} aside is looked at"
    if solution.engine != "auto":
        return engine, "it was asked for"
    if block.balanced:
        return "none", "all of it pulls one way, so what propagation leaves open is open"
    if block.none and block.all:
        return "none", "nobody may come, and everybody may"
    if engine == "tables":
        of = few_choices(block.piece.network)
        choices = block.piece.network.atoms if of is None else len(of.choices)
        return engine, f"2^{choices} combinations of choices decide it"
    if by_clauses(block.piece.network):
        engine = "sat"
    return engine, "a search, for too many choices for a table"
