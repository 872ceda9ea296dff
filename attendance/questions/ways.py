"""Ways to bring a goal about: the minimal sets of assumptions, fewest or cheapest first, one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from attendance.engines import consistent
from attendance.engines.choosing import Choosing
from attendance.engines.deadline import Deadline
from attendance.engines.hitting import Hitting
from attendance.engines.joining import Quest, is_monotone, joining, quests
from attendance.engines.parts import combined, components, fragment, reads
from attendance.engines.products import Lazy, by_size
from attendance.errors import ResolutionTimeout
from attendance.network import Network, State, node_of
from attendance.questions.refuting import Consistent, Mode, Refuter, Torn, Values
from attendance.questions.trying import Trial, trial


@contextmanager
def only_late() -> Iterator[None]:
    """A time-out within says only that: what it knows is of a network with assumptions, in other numbers."""
    try:
        yield
    except ResolutionTimeout as error:
        raise ResolutionTimeout(str(error)) from None


@dataclass(frozen=True)
class Search:
    """A goal in a network: which atoms may be assumed, in every outcome or in some, and what each costs."""

    network: Network
    goal: int
    over: tuple[int, ...]
    mode: Mode
    costs: Mapping[int, int] | None
    engine: str
    deadline: Deadline

    def without(self, atoms: Iterable[int]) -> "Search":
        """The same with some atoms not to be assumed."""
        gone = set(atoms)
        return replace(self, over=tuple(a for a in self.over if a not in gone))

    def ways(self) -> Iterator[dict[int, bool]]:
        """Every minimal set, fewest or cheapest first. Raises as `solve` does."""
        atoms, network, (goal,) = relevant(self.network, [self.goal])
        place = {atom: i for i, atom in enumerate(atoms)}
        over = [place[a] for a in self.over if a in place]
        with only_late():
            for found in self.inside(network, goal, over, atoms):
                yield {atoms[i]: value for i, value in sorted(found.items())}

    def inside(self, network: Network, goal: int, over: Sequence[int], atoms: Sequence[int]) -> Iterator[Values]:
        """The same in the part of the network that the goal hangs on, in its numbers."""
        plain = self.engine == "auto" and self.mode == "every" and self.costs is None
        if plain and (goal >= 0 or not network.founded) and is_monotone(network, goal):
            parts = quests(joining(network, leaving=goal < 0), [node_of(goal)], over)
            return together(parts, goal >= 0, self.deadline)
        table = trial(network, over, self.engine, self.deadline)
        if table is not None:
            found = table.minimal(lambda atoms: self.does(table, goal, atoms))
            return found if self.costs is None else self.cheapest(found, atoms)
        whole = consistent(network, self.engine, self.deadline)
        kind = Consistent if whole else Torn
        refuter = kind(network, goal, over, self.mode, self.engine, self.deadline)
        costs = self.costs
        if costs is None:
            return refined(refuter, over, [1] * len(over), self.deadline)
        # Sizes count beneath costs, so that a part of a set is always before it.
        return refined(refuter, over, [costs[atoms[i]] * (len(over) + 1) + 1 for i in over], self.deadline)

    def does(self, table: Trial, goal: int, atoms: Sequence[int]) -> int:
        """The lanes whose values of those atoms make no new conflict, and the goal hold."""
        lanes, held = table.outcomes(atoms), table.table.plane(goal)
        found = table.fine(atoms) & table.some(atoms, lanes & held)
        return found & ~table.some(atoms, lanes & ~held) if self.mode == "every" else found

    def cheapest(self, found: Iterable[Values], atoms: Sequence[int]) -> Iterator[Values]:
        """The same sets, cheapest first."""
        costs = self.costs or {}
        return iter(sorted(found, key=lambda way: (sum(costs[atoms[i]] for i in way), len(way))))


def relevant(network: Network, goals: Sequence[int]) -> tuple[tuple[int, ...], Network, tuple[int, ...]]:
    """The connected parts that goals hang on, as a network of their own: its atoms, itself, the goals in it."""
    marked = {atom for atom in reads(network, goals) if network.fixed[atom] is None}
    parts = [part for part in components(network) if not marked.isdisjoint(part.atoms)]
    pieces = [fragment(network, part.atoms, network.fixed, part) for part in parts]
    whole, literals = combined(pieces, network, network.fixed, goals)
    return whole.atoms, whole.network, literals


def together(parts: Sequence[Quest], value: bool, deadline: Deadline) -> Iterator[Values]:
    """The minimal sets of independent parts put together, fewest first."""
    lazies = [Lazy(_states(part, deadline)) for part in parts]
    for states in by_size(lazies, [len(part.candidates) for part in parts]):
        deadline.check()
        yield {
            atom: value
            for part, state in zip(parts, states, strict=True)
            for atom, taken in zip(part.candidates, state, strict=True)
            if taken
        }


def _states(part: Quest, deadline: Deadline) -> Iterator[State]:
    for found in Hitting(part, deadline).minimal_sets():
        yield tuple(atom in found for atom in part.candidates)


def refined(
    refuter: Refuter,
    over: Sequence[int],
    costs: Sequence[int],
    deadline: Deadline,
    signs: Sequence[bool] = (True, False),
    *,
    smallest: bool = False,
) -> Iterator[Values]:
    """The minimal sets by clauses: the cheapest set that meets them all is right, or leads to another clause.

    All of them, or the smallest alone.
    """
    most = len(over)
    things = [(atom, value) for atom in over for value in signs]
    number = {thing: n for n, thing in enumerate(things)}
    choosing = Choosing([cost for cost in costs for _ in signs], deadline)
    choosing.add([~number[atom, value] for value in signs] for atom in over if len(signs) > 1)
    while (found := choosing.cheapest()) is not None:
        if len(found) > most:
            return
        asked = dict(things[n] for n in sorted(found))
        clause = refuter.refute(asked)
        if clause is None:
            yield asked
            choosing.add([[~n for n in found]])
            most = len(found) if smallest else most
        else:
            met = [(number[a, v], wanted) for a, v, wanted in clause if (a, v) in number]
            choosing.add([[n if wanted else ~n for n, wanted in met]])
