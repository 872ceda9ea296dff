"""Outcomes by answer-set solving: exact for every network, and never sure of its time.

The solver works in a thread beside the one that asks, which waits for it in slices; so time limits
are kept and an interrupt gets through, and in either case the thread ends before the call does.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeVar

from attendance.engines.deadline import NO, Deadline
from attendance.engines.program import Program, Weighted, write, write_threshold
from attendance.network import Network, State, Survey

if TYPE_CHECKING:
    from clingo import Control, Model, SolveHandle

T = TypeVar("T")

SLICE = 0.05
"""The seconds after which a waiting thread looks up."""

CORES = ("--opt-strategy=usc,oll", "--opt-usc-shrink=min,10")
"""Optimisation from below, by what cannot be together: far better than from above on sums of people."""


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
    """Every outcome once, found as it is asked for; by how many attend, if an order is given.

    With `set_aside`, the states that are outcomes once exactly so many statements and rules, whichever
    they are, are set aside.
    """
    control, program = _written(network, set_aside=set_aside)
    if order is None:
        models = _models(control, deadline)
    else:
        sign = 1 if order == "fewest" else -1
        counted = [sign * atom for atom in program.atoms[: network.attendances]]
        first, _ = _written(network, set_aside=set_aside, options=CORES)
        level = _least(first, [(literal, 1) for literal in counted], deadline)
        models = _by_count(_Counter(control, counted), level, deadline)
    for model in models:
        yield tuple(map(model.is_true, program.atoms))


def survey(
    network: Network,
    literals: Sequence[int],
    crowds: Sequence[Sequence[int]] = (),
    *,
    set_aside: int = 0,
    deadline: Deadline = NO,
) -> Survey | None:
    """What is true of all the states that `outcomes` would give; None where there are none."""
    nodes = [q if q >= 0 else ~q for q in literals]
    nodes.extend(x for crowd in crowds for x in crowd)
    possible = _possible(network, list(dict.fromkeys(nodes)), set_aside, deadline)
    if possible is None:
        return None
    return Survey(
        tuple(possible[q] if q >= 0 else possible[~q][::-1] for q in literals),
        tuple(_turnout(network, crowd, possible, set_aside, deadline) for crowd in crowds),
    )


def repairs(
    network: Network, *, limit: int = 1000, deadline: Deadline = NO
) -> tuple[list[frozenset[str]], bool]:
    """The minimum repairs in order of their ids, at most `limit`, and whether these are all.

    The empty set alone where there is an outcome; nothing where no repair admits one.
    """
    names = network.removable
    control, program = _written(network, removable=names, options=CORES)
    fewest = _least(control, [(gone, 1) for gone in program.gone], deadline)
    if not fewest:
        return [] if fewest is None else [frozenset()], True
    control, program = _written(network, set_aside=fewest, onto_atoms=False)
    found = [
        frozenset(name for name, gone in zip(names, program.gone, strict=True) if model.is_true(gone))
        for model in islice(_models(control, deadline), limit + 1)
    ]
    return sorted(found[:limit], key=sorted), len(found) <= limit


def _written(
    network: Network,
    *,
    asked: Sequence[int] = (),
    removable: Sequence[str] = (),
    set_aside: int = 0,
    onto_atoms: bool = True,
    options: Iterable[str] = (),
) -> "tuple[Control, Program]":
    """A solver that has the network, with so many ids set aside; models that look alike count once."""
    from clingo import Control

    control = Control(["--models=0", "--seed=1", *options])
    with control.backend() as backend:
        removable = removable or (network.removable if set_aside else ())
        program = write(network, backend, asked=asked, removable=removable)
        if set_aside:
            gone = [(atom, 1) for atom in program.gone]
            enough, more = backend.add_atom(), backend.add_atom()
            write_threshold(backend, enough, set_aside, gone)
            write_threshold(backend, more, set_aside + 1, gone)
            backend.add_rule([], [-enough])
            backend.add_rule([], [more])
            backend.add_project(program.atoms if onto_atoms else program.gone)
    return control, program


def _possible(
    network: Network, nodes: Sequence[int], set_aside: int, deadline: Deadline
) -> dict[int, tuple[bool, bool]] | None:
    """For each node whether it can be true and whether it can be false; None where nothing can be."""
    from clingo import Function, Number

    control, program = _written(network, asked=nodes, set_aside=set_aside, options=("--enum-mode=brave",))
    shown: list[tuple[int, int]] = []
    with control.backend() as backend:
        for node, literal in zip(nodes, program.asked, strict=True):
            # Brave consequences are taken of atoms with a name, and of what is true alone.
            pair = tuple(backend.add_atom(Function(sign, [Number(node)])) for sign in ("true", "false"))
            backend.add_rule([pair[0]], [literal])
            backend.add_rule([pair[1]], [-literal])
            shown.append((pair[0], pair[1]))
    return _last(
        control,
        lambda model: {
            node: (model.is_true(true), model.is_true(false))
            for node, (true, false) in zip(nodes, shown, strict=True)
        },
        deadline,
    )


def _turnout(
    network: Network,
    crowd: Sequence[int],
    possible: Mapping[int, tuple[bool, bool]],
    set_aside: int,
    deadline: Deadline,
) -> tuple[int, int]:
    """The fewest and the most of a crowd that attend, told what each of them can do."""
    sure = sum(possible[x] == (True, False) for x in crowd)
    torn = Counter(x for x in crowd if possible[x] == (True, True))
    ends = []
    for sign in (1, -1) if torn else ():
        control, program = _written(network, set_aside=set_aside, options=CORES)
        with control.backend() as backend:
            for x, (can, cannot) in possible.items():
                if x < network.atoms and not (can and cannot):
                    backend.add_rule([], [-program.atoms[x] if can else program.atoms[x]])
        wanted = [(sign * program.atoms[x], times) for x, times in torn.items()]
        ends.append(_least(control, wanted, deadline))
    match ends:
        case [int(fewest), int(away)]:
            return sure + fewest, sure + torn.total() - away
        case _:
            return sure, sure


@dataclass(slots=True)
class _Counter:
    """How many of some literals are true, as far as it has been asked."""

    control: "Control"
    literals: Sequence[int]
    steps: dict[int, int] = field(default_factory=dict)

    def between(self, low: int, high: int) -> list[int]:
        """What to assume for at least `low` and fewer than `high`."""
        return [self.reaches(low), -self.reaches(high)]

    def reaches(self, count: int) -> int:
        """The atom that so many are true, written when first asked for."""
        if count not in self.steps:
            with self.control.backend() as backend:
                self.steps[count] = atom = backend.add_atom()
                write_threshold(backend, atom, count, [(literal, 1) for literal in self.literals])
        return self.steps[count]

    def of(self, model: "Model") -> int:
        """How many are true in a model."""
        return sum(map(model.is_true, self.literals))


def _by_count(counter: _Counter, level: int | None, deadline: Deadline) -> "Iterator[Model]":
    """The models from the lowest level on, those first in which fewer are true."""
    while level is not None:
        empty = True
        for model in _models(counter.control, deadline, counter.between(level, level + 1)):
            empty = False
            yield model
        level = _next_level(counter, level + 1, deadline) if empty else level + 1


def _next_level(counter: _Counter, floor: int, deadline: Deadline) -> int | None:
    """The least number from the floor on that are true in some model, coming down to it from above."""
    level, ceiling = None, len(counter.literals) + 1
    while ceiling > floor:
        models = _models(counter.control, deadline, counter.between(floor, ceiling))
        level = next(map(counter.of, models), None)
        if level is None:
            break
        ceiling = level
    return ceiling if ceiling <= len(counter.literals) else None


def _least(control: "Control", wanted: Weighted, deadline: Deadline) -> int | None:
    """The least weight of what is true among the wanted; None where there is no model."""
    with control.backend() as backend:
        backend.add_minimize(0, wanted)
    return _last(control, lambda model: sum(model.cost), deadline)


def _models(control: "Control", deadline: Deadline, assumptions: Sequence[int] = ()) -> "Iterator[Model]":
    """Every model under the assumptions, each to be read before the next is asked for."""
    deadline.check()
    with control.solve(yield_=True, async_=True, assumptions=assumptions) as handle:
        while True:
            handle.resume()
            _wait(handle, deadline)
            model = handle.model()
            if model is None:
                return
            yield model


def _last(control: "Control", read: "Callable[[Model], T]", deadline: Deadline) -> T | None:
    """What is read from the last model of a search gone through to its end; None where there is none."""
    deadline.check()
    with control.solve(async_=True) as handle:
        _wait(handle, deadline)
        model = handle.last() if handle.get().satisfiable else None
        return None if model is None else read(model)


def _wait(handle: "SolveHandle", deadline: Deadline) -> None:
    """Until the solver has something to say, or the deadline has passed; closing the handle ends it."""
    ready = False
    while not ready:
        left = deadline.left()
        ready = handle.wait(SLICE if left is None else min(SLICE, left))
        deadline.check()
