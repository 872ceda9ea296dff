"""Engines find fast what `attendance.network` defines. They see networks, never cases."""

from collections.abc import Iterable
from dataclasses import dataclass

from attendance.engines.auto import solve as _solve
from attendance.engines.deadline import NO, Deadline
from attendance.engines.solution import Memory as Memory
from attendance.engines.solution import Solution
from attendance.errors import EngineMissing, did_you_mean
from attendance.network import Network, State


@dataclass(frozen=True, slots=True)
class Row:
    """An engine: its name, what it offers, what it needs, and the module by which one sees that it is there."""

    name: str
    offers: str
    needs: str = ""
    module: str | None = None


ENGINES = (
    Row("auto", "everything: propagates first, then solves what is left with tables, clingo or sat"),
    Row("propagation", "whatever is certain without a search; refuses the rest"),
    Row("tables", "everything, where up to 16 choices decide a connected part"),
    Row("clingo", "everything, in any number", "clingo", "clingo"),
    Row("sat", "all outcomes, in any number, where nothing must be set aside", "python-sat (extra: sat)", "pysat"),
    Row(
        "durable",
        "cases in which everything pulls one way, by durable-rules",
        "durable-rules (extra: live)",
        "durable_rules_engine",
    ),
    Row("enumeration", "everything, by the definition itself, up to 12 free attendances and facts in a part"),
)


def solve(
    network: Network, engine: str = "auto", deadline: Deadline = NO, *, mend: bool = True, memory: Memory | None = None
) -> Solution:
    """What is to be found of a network, by the engine of that name.

    Without `mend`, only strict outcomes are wanted, and what is in conflict is left as it is. With a
    `memory`, what was found of a network before is not searched for again.
    An engine asked for by name answers or raises EngineUnsuitable; it never hands over to another.
    Raises EngineMissing for an unknown name, ResolutionTimeout, ImpossibleScenario.
    """
    known_engine(engine)
    return _solve(network, engine, deadline, mend=mend, memory=memory)


def consistent(network: Network, engine: str = "auto", deadline: Deadline = NO) -> bool:
    """Whether a network has an outcome. Raises EngineMissing, EngineUnsuitable, ResolutionTimeout."""
    return solve(network, engine, deadline, mend=False).consistent


def outcome(network: Network, given: Iterable[int], engine: str, deadline: Deadline) -> State | None:
    """An outcome of a network in which those literals hold, if there is one. Raises as `consistent` does."""
    given = tuple(given)
    return next(solve(network.observing(given) if given else network, engine, deadline, mend=False).outcomes(), None)


def known_engine(name: str) -> None:
    """Raises EngineMissing for a name that no engine has."""
    names = [row.name for row in ENGINES]
    if name not in names:
        hint = did_you_mean(str(name), names) or f"the engines are: {', '.join(names)}"
        raise EngineMissing(f"unknown engine {name!r}\n    {hint}")
