"""The best invitation that meets all demands: by propagation, by counting heads, by a solver, or by trying all.

What could go wrong is not all written down at once. An invitation is found that meets what is demanded so far;
then it is looked at under every value of the unknown facts, and with everybody left out in everybody's place;
what fails is demanded too, until nothing does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from attendance.engines.clashing import shrink
from attendance.engines.deadline import NO, Deadline
from attendance.engines.evaluation import is_kept
from attendance.engines.guests import Demand, Reading, Terms, demands
from attendance.engines.headcount import by_number
from attendance.engines.parts import components, fragment, reads
from attendance.engines.program import Program, write
from attendance.engines.propagation import propagate
from attendance.errors import EngineUnsuitable
from attendance.gates import FALSE, TRUE
from attendance.network import Network, Part, Stability, Stance, State, holds, moved, states, values

if TYPE_CHECKING:
    from clingo import Control

ENGINES = ("auto", "clingo", "enumeration")
"""The engines that find invitations."""
FREE = 12
"""The most attendances and facts of which all combinations are tried."""
GREATEST = (1 << 31) - 1
"""What the solver can add up."""


@dataclass(frozen=True, eq=False)
class Inviting:
    """A network of which people are invited, and what is best: the greatest weight, then the most, then the first.

    `places` has the gathering of each attendance, `weights` what each is worth, which may be less than nothing.
    """

    network: Network
    stability: Stability
    places: tuple[int, ...]
    weights: tuple[int, ...]
    engine: str = "auto"
    deadline: Deadline = NO

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """All that an invitation has to meet."""
        return demands(self.network, self.stability)

    @cached_property
    def terms(self) -> Terms:
        """What is demanded, in gates; what was built for one search serves the next."""
        return Terms(self.network)

    @cached_property
    def rooms(self) -> dict[int, tuple[int, ...]]:
        """The attendances at each gathering that are not assumed."""
        found: dict[int, list[int]] = {}
        for x, place in enumerate(self.places):
            if self.network.fixed[x] is None:
                found.setdefault(place, []).append(x)
        return {place: tuple(people) for place, people in found.items()}

    def best(self) -> State | None:
        """The best invitation that meets the demands, None where none does.

        Raises EngineUnsuitable, ResolutionTimeout.
        """
        if self.engine == "enumeration":
            return _listed(self, self.demands)
        search = _Search(self, self.demands)
        found = search.settled(final=False)
        return None if found is None else search.settled(final=True)

    def possible(self, kept: Iterable[Demand]) -> bool:
        """Whether any invitation meets those demands. Raises as `best` does."""
        kept = tuple(kept)
        if self.engine == "enumeration":
            return _listed(self, kept) is not None
        return _Search(self, kept, wanted=False).settled(final=False) is not None

    def unmet(self, asked_for: Sequence[Demand] = ()) -> tuple[Demand, ...] | None:
        """Demands that no invitation meets together with what is asked for besides, none of which can be left out.

        None where an invitation meets them all. Raises as `best` does.
        """
        if self.possible([*self.demands, *asked_for]):
            return None
        near = self._near(asked_for)
        known = {str(number): demand for number, demand in enumerate(near)}

        def stands(kept: Sequence[str]) -> bool:
            return self.possible([*(known[number] for number in kept), *asked_for])

        return tuple(known[number] for number in sorted(shrink(tuple(known), stands), key=int))

    def _near(self, asked_for: Sequence[Demand]) -> tuple[Demand, ...]:
        """The demands of a connected part in which they cannot be met; all of them, where those alone can be."""
        if self.engine == "enumeration":
            return self.demands
        search = _Search(self, [*self.demands, *asked_for], wanted=False)
        search.settled(final=False)
        part = search.failed
        near = [d for d in self.demands if d.who in part or (d.who is None and self._touches(d, part))]
        return self.demands if self.possible([*near, *asked_for]) else tuple(near)

    def _touches(self, demand: Demand, part: frozenset[int]) -> bool:
        read = reads(self.network, demand.every)
        return not read or not part.isdisjoint(read)


# --- by trying all --------------------------------------------------------------------------------


def _listed(asked: Inviting, kept: Sequence[Demand]) -> State | None:
    """The best of all invitations, each tried under all values of the facts."""
    network = asked.network
    free = sum(value is None for value in network.fixed)
    if free > FREE:
        raise EngineUnsuitable("enumeration", f"{free} attendances and facts are free, more than {FREE}")
    good: dict[State, bool] = {}
    for state in states(network):
        asked.deadline.check()
        who = state[: network.attendances]
        good[who] = good.get(who, True) and all(_meets(asked, demand, state) for demand in kept)
    return max((who for who, meets in good.items() if meets), key=lambda who: _rank(asked.weights, who), default=None)


def _rank(weights: Sequence[int], who: State) -> tuple[int, int, State]:
    return sum(w for w, there in zip(weights, who, strict=True) if there), sum(who), who


def _meets(asked: Inviting, demand: Demand, state: State) -> bool:
    network, x = asked.network, demand.who
    if demand.kind != "regret" or x is None:
        return (x is not None and not state[x]) or _holds(network, demand, state)
    if state[x]:
        return True
    if asked.stability == "addition":
        return not _holds(network, demand, moved(state, x))
    guests = (y for y, there in enumerate(state[: network.attendances]) if there and network.fixed[y] is None)
    return not any(_holds(network, demand, moved(state, x, y)) for y in guests if asked.places[x] == asked.places[y])


def _holds(network: Network, demand: Demand, state: State) -> bool:
    of = values(network, state)
    any_ = demand.any is None or any(holds(q, of) for q in demand.any)
    return any_ and all(holds(q, of) for q in demand.every)


# --- by demands as they turn out to be needed -----------------------------------------------------


@dataclass(eq=False)
class _Search:
    """What is demanded so far, in gates: of guests, of those left out, and of all."""

    asked: Inviting
    kept: Sequence[Demand]
    wanted: bool = True
    """Whether the best is wanted, or any."""
    parts: dict[int, list[Part]] = field(default_factory=dict)
    given: dict[int, None] = field(default_factory=dict)
    failed: frozenset[int] = frozenset()
    """The connected part in which nothing meets the demands, where nothing does."""

    def __post_init__(self) -> None:
        self.terms = self.asked.terms
        for demand in self.kept:
            self.asked.deadline.check()
            if demand.kind != "regret":
                self.add(demand, self.terms.demanded(demand, Reading(inside=demand.who)))
            elif self.asked.stability == "addition":
                self.add(demand, self.terms.demanded(demand, Reading(outside=demand.who)))

    def add(self, demand: Demand, literal: int) -> None:
        """Demand it, as that literal."""
        x, gates = demand.who, self.terms.gates
        if x is None:
            if literal != TRUE:
                self.given[gates.literal(literal)] = None
        elif demand.kind == "said":
            if literal != TRUE:
                self.parts.setdefault(x, []).append(Part(str(x), None, gates.literal(literal)))
        elif literal != FALSE:
            self.parts.setdefault(x, []).append(Part(str(x), gates.literal(literal), None))

    def settled(self, *, final: bool) -> State | None:
        """The best that meets all demands, the first of the best if it is to be final; None where nothing does."""
        while True:
            found = self.optimum(final)
            if found is None or not self.fails(found):
                return found

    def fails(self, state: State) -> bool:
        """Whether it breaks a demand; then that is demanded from now on."""
        broken = list(self.broken(state[: self.asked.network.attendances]))
        for demand, literal in broken:
            self.add(demand, literal)
        return bool(broken)

    def broken(self, people: State) -> Iterator[tuple[Demand, int]]:
        """The demands that are broken where those people attend, as literals to be demanded."""
        looked = list(self.looked(people))  # all that is looked at is built before it is evaluated
        of = self.terms.values(people)
        for demand, reading, group, literal in looked:
            bad = demand.kind == "regret"
            value = literal == TRUE if literal in (TRUE, FALSE) else of[literal] if literal >= 0 else _not(of[~literal])
            if value is (not bad):
                continue
            facts = self.terms.valuation(literal, bad, people, self.asked.deadline)
            if facts is None:
                continue
            plain = self.terms.demanded(demand, reading._replace(facts=facts))
            if group:
                plain = self.terms.gates.all_of([plain, self.terms.gates.any_of(group)])
            yield demand, plain

    def looked(self, people: State) -> Iterator[tuple[Demand, Reading, tuple[int, ...], int]]:
        """The demands that may be broken, as literals in which facts are open; with the group they are about."""
        terms, swaps = self.terms, self.asked.stability == "replacement"
        for demand in self.kept:
            self.asked.deadline.check()
            x = demand.who
            if demand.kind != "regret" or x is None:
                if terms.unknown and (x is None or people[x]):
                    reading = Reading(inside=x)
                    yield demand, reading, (), terms.demanded(demand, reading)
            elif not people[x] and swaps:
                for group, guest in self.groups(demand, people):
                    reading = Reading(outside=x, gone=guest)
                    yield demand, reading, group, terms.demanded(demand, reading)
            elif not people[x] and terms.unknown:
                reading = Reading(outside=x)
                yield demand, reading, (), terms.demanded(demand, reading)

    def groups(self, demand: Demand, people: State) -> Iterator[tuple[tuple[int, ...], int]]:
        """Those in whose place somebody left out might come, with one of each group who is there.

        Whoever is left out is in a group too: nobody is there for that, and all may share one sum.
        """
        assert demand.who is not None
        place = self.asked.rooms[self.asked.places[demand.who]]
        for group in self.terms.rivals(demand, place):
            guest = next((y for y in group if people[y]), None)
            if guest is not None:
                yield group, guest

    def optimum(self, final: bool) -> State | None:
        """The best of what meets the demands so far: part by part, for parts do not touch.

        The unknown facts are false to begin with; what other values demand is demanded as it is broken.
        """
        asked, network = self.asked, self.asked.network
        stances = tuple(Stance(tuple(self.parts.get(x, ()))) for x in range(network.attendances))
        facts = [value or False for value in network.fixed[network.attendances :]]
        whole = self.terms.built([*network.fixed[: network.attendances], *facts], stances, tuple(self.given))
        state = [value or False for value in whole.fixed]
        for part in components(whole):
            piece = fragment(whole, part.atoms, whole.fixed, part)
            weights = [asked.weights[a] for a in piece.atoms]
            found = self.solved(piece.network, weights, final)
            if found is None:
                self.failed = frozenset(part.atoms)
                return None
            for atom, value in zip(piece.atoms, found, strict=True):
                state[atom] = value
        return tuple(state[: network.attendances])

    def solved(self, network: Network, weights: Sequence[int], final: bool) -> State | None:
        """The best of one part: what all would do if it may be, by numbers, or by a search."""
        deadline = self.asked.deadline
        if self.asked.engine == "auto":
            for found in _simple(network, weights, self.wanted):
                return found
            for best in by_number(network, weights, deadline):
                return best
        return _searched(network, weights if self.wanted else None, final, deadline)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _simple(network: Network, weights: Sequence[int], wanted: bool) -> Iterator[State]:
    """Everybody who may come, if they may come together; or nobody who need not, where that is better."""
    run = propagate(network)
    people = run.values[: network.atoms]
    free = [w for w, value in zip(weights, people, strict=True) if value is None]
    for all_, best in ((True, all(w >= 0 for w in free)), (False, all(w < 0 for w in free))):
        state = tuple(all_ if value is None else value for value in people)
        if (best or not wanted) and is_kept(network, state):
            yield state


def _searched(network: Network, weights: Sequence[int] | None, final: bool, deadline: Deadline) -> State | None:
    """The best by answer-set solving; without weights any. The first of the best, if it is to be final.

    What is best comes in levels, each of which the solver settles before it goes on: the weight, the number,
    and one person after the other.
    """
    from clingo import Control

    if weights is not None and sum(map(abs, weights)) > GREATEST:
        raise EngineUnsuitable("clingo", "the weights or costs are too large, or too fine, to be added up exactly")
    control = Control(["--models=0", "--seed=1", "--opt-strategy=usc,oll,disjoint", "--opt-usc-shrink=min,10"])
    with control.backend() as backend:
        program = write(network, backend, check=deadline.check)
        atoms, top = program.atoms, len(program.atoms)
        if weights is not None:
            if set(weights) - {1}:
                backend.add_minimize(
                    top + 1, [(a if w < 0 else -a, abs(w)) for a, w in zip(atoms, weights, strict=True)]
                )
            backend.add_minimize(top, [(-a, 1) for a in atoms])
            for rank, atom in enumerate(atoms[: top if final else 0]):
                backend.add_minimize(top - 1 - rank, [(-atom, 1)])
    return _model(control, program, deadline)


def _model(control: "Control", program: Program, deadline: Deadline) -> State | None:
    """The last model that is found; None without one. The solver works beside this thread, which looks at the clock."""
    deadline.check()
    with control.solve(async_=True) as handle:
        deadline.wait(handle.wait)
        model = handle.last()
        return None if model is None else tuple(map(model.is_true, program.atoms))
