"""Outcomes by answer-set solving: exact for every network, and never sure of its time.

The solver works in a thread beside the one that asks, which waits for it in slices; so time limits
are kept and an interrupt gets through, and in either case the thread ends before the call does.
"""

import atexit
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeVar
from weakref import WeakSet

from attendance.engines.deadline import NO, Deadline
from attendance.engines.program import Program, write
from attendance.engines.weighing import Weighted, write_range
from attendance.errors import ResolutionTimeout
from attendance.network import Network, State, Survey, node_of

if TYPE_CHECKING:
    from clingo import Control, Model, SolveHandle

T = TypeVar("T")


CORES = ("--opt-strategy=usc,oll,disjoint", "--opt-usc-shrink=min,10")
"""Optimisation from below, by what cannot be together: far better than from above on sums of people."""

BRAVE = ("--enum-mode=brave", "--configuration=crafty")
"""What is true in some model: made for crafted problems, the search seldom loses itself in sums of many people."""

APART = ("--eq=0",)
"""Nothing taken to be equal: with wide counts that must be founded, clasp (of clingo 5.8.3) loses outcomes."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome."""
    return next(outcomes(network, deadline=deadline), None) is not None


def count(network: Network, *, set_aside: int = 0, deadline: Deadline = NO) -> int:
    """How many outcomes there are, by going through them."""
    return sum(1 for _ in outcomes(network, set_aside=set_aside, deadline=deadline))


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """Every outcome once, found as it is asked for; by how many attend, if an order is given.

    With `set_aside`, the states that are outcomes once exactly so many statements and rules, whichever
    they are, are set aside.
    """
    search = _Search(network, set_aside, deadline)
    return search.states() if order is None else search.by_count(1 if order == "fewest" else -1)


def survey(
    network: Network,
    literals: Sequence[int],
    crowds: Sequence[Sequence[int]] = (),
    *,
    set_aside: int = 0,
    deadline: Deadline = NO,
) -> Survey | None:
    """What is true of all the states that `outcomes` would give; None where there are none.

    When the time is too short for the turnouts alone, ResolutionTimeout carries a Survey without them.
    """
    search = _Search(network, set_aside, deadline)
    nodes = [node_of(q) for q in literals]
    nodes.extend(x for crowd in crowds for x in crowd)
    possible = search.possible(list(dict.fromkeys(nodes)))
    if possible is None:
        return None
    known = tuple(possible[q] if q >= 0 else possible[~q][::-1] for q in literals)
    try:
        return Survey(known, tuple(search.turnout(crowd, possible) for crowd in crowds))
    except ResolutionTimeout as late:
        late.known = Survey(known)
        raise


def repairs(network: Network, *, limit: int = 1000, deadline: Deadline = NO) -> tuple[list[frozenset[str]], bool]:
    """The minimum repairs in order of their ids, at most `limit`, and whether these are all.

    The empty set alone where there is an outcome; nothing where no repair admits one.
    """
    control, program = _Search(network, None, deadline).program(options=CORES)
    fewest = _least(control, [(gone, 1) for gone in program.gone], deadline)
    if not fewest:
        return [] if fewest is None else [frozenset()], True
    control, program = _Search(network, fewest, deadline).program(onto="gone")
    found = [
        frozenset(name for name, gone in zip(network.removable, program.gone, strict=True) if model.is_true(gone))
        for model in islice(_models(control, deadline), limit + 1)
    ]
    return sorted(found[:limit], key=sorted), len(found) <= limit


@dataclass(frozen=True, slots=True)
class _Search:
    """The states of a network with so many statements and rules set aside; for None with any number.

    Everything asked of it has a program of its own: clasp may refuse to go on with one that has turned
    out empty under assumptions.
    """

    network: Network
    set_aside: int | None
    deadline: Deadline

    def program(
        self,
        *,
        asked: Sequence[int] = (),
        onto: Literal["atoms", "gone"] | None = None,
        options: Sequence[str] = (),
    ) -> "tuple[Control, Program]":
        """A solver that has the network; models that are alike in `onto` count once."""
        from clingo import Control

        removable = () if self.set_aside == 0 else self.network.removable
        projected = onto if removable else None
        apart = APART if self.network.founded else ()
        once = ("--project=project",) if projected else ()
        control = Control(["--models=0", "--seed=1", *options, *apart, *once])
        with control.backend() as backend:
            check = self.deadline.check
            program = write(self.network, backend, asked=asked, removable=removable, check=check)
            if self.set_aside:
                write_range(backend, program.gone, self.set_aside, self.set_aside)
            if projected:
                backend.add_project(program.atoms if projected == "atoms" else program.gone)
        return control, program

    def states(self) -> Iterator[State]:
        """Every state once, in no order."""
        control, program = self.program(onto="atoms")
        for model in _models(control, self.deadline):
            yield tuple(map(model.is_true, program.atoms))

    def by_count(self, sign: int) -> Iterator[State]:
        """Every state once, first those where the fewest attend; for the other sign, are absent."""
        level = self.next_level(sign, 0, CORES)
        while level is not None:
            empty = True
            for state in self.at_level(sign, level):
                empty = False
                yield state
            level = self.next_level(sign, level + 1) if empty else level + 1

    def at_level(self, sign: int, level: int) -> Iterator[State]:
        """The states where just so many attend or are absent."""
        control, program = self.program(onto="atoms")
        counted = [sign * atom for atom in program.atoms[: self.network.attendances]]
        with control.backend() as backend:
            write_range(backend, counted, level, level)
        for model in _models(control, self.deadline):
            yield tuple(map(model.is_true, program.atoms))

    def next_level(self, sign: int, floor: int, options: Sequence[str] = ()) -> int | None:
        """The fewest, from the floor on, that attend or are absent in some state."""
        control, program = self.program(options=options)
        counted = [sign * atom for atom in program.atoms[: self.network.attendances]]
        with control.backend() as backend:
            write_range(backend, counted, floor, len(counted))
        return _least(control, [(literal, 1) for literal in counted], self.deadline)

    def possible(self, nodes: Sequence[int]) -> dict[int, tuple[bool, bool]] | None:
        """For each node whether it can be true and whether it can be false; None without a state."""
        from clingo import Function, Number

        control, program = self.program(asked=nodes, options=BRAVE)
        shown: dict[int, tuple[int, int]] = {}
        with control.backend() as backend:
            for node, literal in zip(nodes, program.asked, strict=True):
                # Brave consequences are taken of atoms with a name, and of what is true alone.
                true, false = (backend.add_atom(Function(sign, [Number(node)])) for sign in ("true", "false"))
                backend.add_rule([true], [literal])
                backend.add_rule([false], [-literal])
                shown[node] = (true, false)
        return _last(
            control,
            lambda model: {n: (model.is_true(true), model.is_true(false)) for n, (true, false) in shown.items()},
            self.deadline,
        )

    def turnout(self, crowd: Sequence[int], possible: Mapping[int, tuple[bool, bool]]) -> tuple[int, int]:
        """The fewest and the most of a crowd that attend, by what each of them can do."""
        sure = sum(possible[x] == (True, False) for x in crowd)
        torn = Counter(x for x in crowd if possible[x] == (True, True))
        if not torn:
            return sure, sure
        fewest, away = (self.least(torn, sign, possible) for sign in (1, -1))
        return sure + fewest, sure + torn.total() - away

    def least(self, torn: Mapping[int, int], sign: int, possible: Mapping[int, tuple[bool, bool]]) -> int:
        """The fewest of those torn that attend, or for the other sign are absent; a state is known to be."""
        control, program = self.program(options=CORES)
        with control.backend() as backend:
            for x, atom in enumerate(program.atoms):
                match possible.get(x):
                    case (True, False):
                        backend.add_rule([], [-atom])
                    case (False, True):
                        backend.add_rule([], [atom])
        weighted = [(sign * program.atoms[x], times) for x, times in torn.items()]
        return _least(control, weighted, self.deadline) or 0


def _least(control: "Control", wanted: Weighted, deadline: Deadline) -> int | None:
    """The least weight of what is true among the wanted; None where there is no model."""
    with control.backend() as backend:
        backend.add_minimize(0, wanted)
    return _last(control, lambda model: sum(model.cost), deadline)


def _models(control: "Control", deadline: Deadline) -> "Iterator[Model]":
    """Every model, each to be read before the next is asked for."""
    with _searching(control, deadline, in_steps=True) as handle:
        while True:
            handle.resume()
            deadline.wait(handle.wait)
            model = handle.model()
            if model is None:
                _finished(handle)
                return
            yield model


def _last(control: "Control", read: "Callable[[Model], T]", deadline: Deadline) -> T | None:
    """What is read from the last model of a search gone through to its end; None without a model."""
    with _searching(control, deadline) as handle:
        deadline.wait(handle.wait)
        _finished(handle)
        model = handle.last()
        return None if model is None else read(model)


@contextmanager
def _searching(control: "Control", deadline: Deadline, in_steps: bool = False) -> "Iterator[SolveHandle]":
    """A search at work beside this thread; it is stopped on the way out."""
    deadline.check()
    if deadline.conflicts is not None:
        control.configuration.solve.solve_limit = str(deadline.conflicts)  # type: ignore[union-attr]
    with control.solve(yield_=in_steps, async_=True) as handle:
        _open.add(handle)
        try:
            yield handle
        finally:
            _open.discard(handle)


def _finished(handle: "SolveHandle") -> None:
    """Raises ResolutionTimeout where a search was given up after too many conflicts."""
    if not handle.get().exhausted:
        raise ResolutionTimeout("a search was given up")


_open: "WeakSet[SolveHandle]" = WeakSet()


@atexit.register
def _stop() -> None:
    """Stops the searches that somebody left half read: their threads would take the process down."""
    for handle in list(_open):
        handle.cancel()
