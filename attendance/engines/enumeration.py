"""The definitions as an engine: every state is tried. Slow, obvious, and asked for by name only."""

from collections.abc import Iterator, Sequence
from typing import Literal

from attendance.engines.deadline import NO, Deadline
from attendance.errors import EngineUnsuitable
from attendance.network import Network, State, Survey, subsets, summarise
from attendance.network import outcomes as defined_outcomes
from attendance.network import repairs as defined_repairs

FREE = 12
"""The most free atoms whose states are tried."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome."""
    return bool(_found(network, 0, deadline))


def count(network: Network, *, set_aside: int = 0, deadline: Deadline = NO) -> int:
    """How many outcomes there are."""
    return len(_found(network, set_aside, deadline))


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """Every outcome once; with `set_aside`, those of all sets of that many statements and rules."""
    found = _found(network, set_aside, deadline)
    if order is not None:
        found.sort(key=lambda state: sum(state[: network.attendances]), reverse=order == "most")
    yield from found


def survey(
    network: Network,
    literals: Sequence[int],
    crowds: Sequence[Sequence[int]] = (),
    *,
    set_aside: int = 0,
    deadline: Deadline = NO,
) -> Survey | None:
    """The survey over those outcomes; None where there is none."""
    return summarise(network, _found(network, set_aside, deadline), literals, crowds)


def repairs(network: Network, *, limit: int = 1000, deadline: Deadline = NO) -> tuple[list[frozenset[str]], bool]:
    """All minimum repairs up to the limit, and whether these are all."""
    _reach(network)
    found = sorted(defined_repairs(network), key=sorted)
    return found[:limit], len(found) <= limit


def _found(network: Network, set_aside: int, deadline: Deadline) -> list[State]:
    _reach(network)
    found: set[State] = set()
    for gone in subsets(network.removable):
        deadline.check()
        if len(gone) > set_aside:
            break
        if len(gone) == set_aside:
            found.update(defined_outcomes(network.without(gone)))
    return sorted(found)


def _reach(network: Network) -> None:
    free = sum(value is None for value in network.fixed)
    if free > FREE:
        raise EngineUnsuitable("enumeration", f"{free} attendances and facts are free; at most {FREE} can be")
