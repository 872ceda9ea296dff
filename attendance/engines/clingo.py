"""Outcomes by answer-set solving: exact for every network, and never sure of its time.

The solver works beside the program that asks, which waits in slices: so time limits are kept and an
interrupt gets through, and in either case no thread is left at work.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Literal

from attendance.engines.deadline import NO, Deadline
from attendance.engines.program import Program, write, write_threshold
from attendance.network import Network, State, Survey

if TYPE_CHECKING:
    from clingo import Control, Model, SolveHandle

SLICE = 0.05
"""The seconds after which the clock is looked at."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome."""
    return next(outcomes(network, deadline=deadline), None) is not None


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """Every outcome once, found as it is asked for; ordered by how many attend, if so asked.

    With `set_aside` the states that are outcomes once some so many statements and rules are set aside.
    """
    control, program = _written(network, set_aside=set_aside)
    if order is None:
        levels = iter([_models(control, deadline)])
    else:
        levels = _levels(control, network, program, order, deadline)
    for level in levels:
        for model in level:
            yield tuple(map(model.is_true, program.atoms))
