"""A Boolean network of attendances, and what every answer about it means, by plain enumeration.

A network is what the compiler makes of a case and what engines see: numbered nodes, no names but
the ids of statements and rules. Everything below `Network` is a *definition*: slow, obvious, and
the oracle of every test. Engines find the same answers fast.

Nodes are numbered: first the attendances, then the facts (together: the atoms), then the gates.
A literal is a node `n`, or `~n` for its negation.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from math import prod
from typing import Any, Literal, NamedTuple, assert_never

from attendance.model.sayings import Inclination

INCLINED, DISINCLINED = Inclination.INCLINED, Inclination.DISINCLINED

State = tuple[bool, ...]
"""A value for every atom: the attendances, then the facts."""
Stability = Literal["none", "addition", "replacement"]
"""Whom an invitation may leave out: anybody; nobody who would come too; nobody who would come for another."""


class Sum(NamedTuple):
    """A weighted sum of literals, shared by all gates that compare it with a quota."""

    literals: tuple[int, ...]
    weights: tuple[int, ...]


class Gate(NamedTuple):
    """True when its sum reaches the quota; the attendance `taken` is read as true in that sum."""

    sum: int
    quota: int
    taken: int | None = None


class Part(NamedTuple):
    """What one statement contributes to a position: a lower bound, an upper bound, or neither."""

    statement: str
    lower: int | None = None
    upper: int | None = None


class Stance(NamedTuple):
    """The compiled position of one attendance; `lost` once a repair has set a part of it aside."""

    parts: tuple[Part, ...] = ()
    inclination: Inclination = Inclination.OPEN
    lost: bool = False

    @property
    def lowers(self) -> tuple[int, ...]:
        """The literals of which any makes them attend."""
        return tuple([p.lower for p in self.parts if p.lower is not None])

    @property
    def uppers(self) -> tuple[int, ...]:
        """The literals that must all hold if they attend."""
        return tuple([p.upper for p in self.parts if p.upper is not None])

    @property
    def followed(self) -> int | None:
        """The literal that says just when they attend, where one bound alone does; else None."""
        if len(self.parts) != 1:
            return None
        _, lower, upper = self.parts[0]
        if self.inclination is DISINCLINED:
            return lower if upper is None else None
        return upper if self.inclination is INCLINED and lower is None else None

    def without(self, ids: frozenset[str]) -> "Stance":
        """The stance with those statements set aside: open within what is left, if it lost any."""
        kept = tuple(p for p in self.parts if p.statement not in ids)
        if len(kept) == len(self.parts):
            return self
        return Stance(kept, Inclination.OPEN, lost=True)


APART = 8
"""A network is the origin of others until more than one stance in so many is different."""


@dataclass(frozen=True, eq=False)
class Network:
    """Attendances with their stances, facts, gates over sums, and what must hold besides.

    Compared by identity, so that engines can keep what they have built for one; a variation of a network
    has the same sums and gates, and names its `origin`.

    `fixed` has a value for every assumed attendance and known fact, None for the other atoms.
    `gates` are in topological order: the sum of a gate names only nodes before it.
    `founded` says which outcomes count: all, or the founded ones alone.
    """

    stances: tuple[Stance, ...] = ()
    facts: int = 0
    sums: tuple[Sum, ...] = ()
    gates: tuple[Gate, ...] = ()
    fixed: tuple[bool | None, ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    given: tuple[int, ...] = ()
    founded: bool = False
    origin: "Network | None" = field(default=None, repr=False)

    @cached_property
    def attendances(self) -> int:
        """How many atoms are attendances."""
        return len(self.stances)

    @cached_property
    def atoms(self) -> int:
        """How many atoms there are, facts included."""
        return len(self.stances) + self.facts

    @cached_property
    def removable(self) -> tuple[str, ...]:
        """The ids that a repair may set aside: statements of attendances not assumed, and rules."""
        ids = [p.statement for x, s in enumerate(self.stances) if self.fixed[x] is None for p in s.parts]
        return tuple(dict.fromkeys([*ids, *(name for name, _ in self.rules)]))

    def without(self, ids: Iterable[str]) -> "Network":
        """The network with those statements and rules set aside, as a repair would."""
        gone = frozenset(ids)
        stances = tuple(s.without(gone) for s in self.stances)
        return self.varied(stances=stances, rules=tuple(rule for rule in self.rules if rule[0] not in gone))

    def assuming(self, values: Mapping[int, bool]) -> "Network":
        """The network with those atoms assumed: their own statements are set aside."""
        return self.varied(fixed=tuple(values.get(atom, fixed) for atom, fixed in enumerate(self.fixed)))

    def freeing(self, atoms: Collection[int]) -> "Network":
        """The network in which those atoms are free: neither fixed, nor bound by statements of their own."""
        return self.varied(
            stances=tuple(Stance() if x in atoms else s for x, s in enumerate(self.stances)),
            fixed=tuple(None if a in atoms else v for a, v in enumerate(self.fixed)),
        )

    def observing(self, literals: Iterable[int]) -> "Network":
        """The network of which only outcomes count in which those literals hold too."""
        return self.varied(given=(*self.given, *literals))

    def varied(self, **parts: Any) -> "Network":
        """The network with other stances, values, rules or givens, over the same sums and gates."""
        return replace(self, origin=self.origin or self, **parts)

    def restated(self, stances: tuple[Stance, ...]) -> "Network":
        """The network with other stances: a variation of its origin, or one of its own once they are far apart."""
        origin = self.origin or self
        apart = sum(a is not b for a, b in zip(stances, origin.stances, strict=True))
        return replace(self, stances=stances, origin=None if apart * APART > len(stances) else origin)


def values(network: Network, state: State) -> list[bool]:
    """The value of every node in a state."""
    of = list(state)
    for gate in network.gates:
        of.append(total(network.sums[gate.sum], of, gate.taken) >= gate.quota)
    return of


def total(sum_: Sum, of: Sequence[bool], taken: int | None) -> int:
    """The weight of the sum's true literals, with the attendance `taken` read as true."""
    return sum(
        weight
        for literal, weight in zip(sum_.literals, sum_.weights, strict=True)
        if (literal >= 0 if taken in (literal, ~literal) else holds(literal, of))
    )


def node_of(literal: int) -> int:
    """The node that a literal is, or negates."""
    return literal if literal >= 0 else ~literal


def holds(literal: int, of: Sequence[bool]) -> bool:
    """The value of a literal, of the values of nodes."""
    return of[literal] if literal >= 0 else not of[~literal]


def is_outcome(network: Network, state: State) -> bool:
    """Whether nobody has broken a statement or would change their mind, and all else that must holds."""
    of = values(network, state)
    return (
        all(v is None or v == state[a] for a, v in enumerate(network.fixed))
        and all(is_content(network, x, of) for x in range(network.attendances) if network.fixed[x] is None)
        and all(holds(literal, of) for _, literal in network.rules)
        and all(holds(literal, of) for literal in network.given)
        and (not network.founded or is_founded(network, state))
    )


def is_content(network: Network, x: int, of: Sequence[bool]) -> bool:
    """Whether an attendance keeps within its bounds and follows its inclination."""
    stance = network.stances[x]
    lower = any(holds(literal, of) for literal in stance.lowers)
    upper = all(holds(literal, of) for literal in stance.uppers)
    match stance.inclination:
        case Inclination.INCLINED:
            wanted = of[x] == upper
        case Inclination.DISINCLINED:
            wanted = of[x] == lower
        case Inclination.OPEN:
            wanted = True
        case _:
            assert_never(stance.inclination)
    return (of[x] or not lower) and (upper or not of[x]) and wanted


def is_founded(network: Network, state: State) -> bool:
    """Whether the people who attend are just those reached from nobody, step by step.

    At each step conditions are read in negation normal form: an attendance that is not negated
    holds of those who have joined, a negated one and every fact are read in the state.
    """
    joined: set[int] = set()
    while True:
        more = {x for x in range(network.attendances) if x not in joined and joins(network, x, joined, state)}
        if not more:
            return joined == {x for x in range(network.attendances) if state[x]}
        joined |= more


def joins(network: Network, x: int, joined: set[int], state: State) -> bool:
    """Whether an attendance joins, given who has."""
    if network.fixed[x] is not None:
        return network.fixed[x] is True
    stance = network.stances[x]
    if stance.lost and state[x]:
        return True
    willing = stance.inclination is Inclination.INCLINED or (stance.inclination is Inclination.OPEN and state[x])
    return any(reached(network, literal, joined, state) for literal in stance.lowers) or (
        willing and all(reached(network, literal, joined, state) for literal in stance.uppers)
    )


def reached(network: Network, literal: int, joined: set[int], state: State) -> bool:
    """A literal in negation normal form, read of those who have joined."""
    node = node_of(literal)
    if node < network.attendances:
        return node in joined if literal >= 0 else not state[node]
    if node < network.atoms:
        return holds(literal, state)
    gate = network.gates[node - network.atoms]
    sum_ = network.sums[gate.sum]
    quota, sign = gate.quota, 1
    if literal < 0:  # not (weight of the true >= quota): weight of the false > whole - quota
        quota, sign = sum(sum_.weights) - gate.quota + 1, -1
    weight = 0
    for inner, w in zip(sum_.literals, sum_.weights, strict=True):
        wanted = inner if sign > 0 else ~inner
        if gate.taken in (wanted, ~wanted):
            weight += w if wanted >= 0 else 0
        elif reached(network, wanted, joined, state):
            weight += w
    return weight >= quota


def states(network: Network) -> Iterator[State]:
    """Every state that gives what is fixed its value, in order."""
    yield from product(*((v,) if v is not None else (False, True) for v in network.fixed))


def outcomes(network: Network) -> list[State]:
    """Every outcome, in order of its states."""
    return [state for state in states(network) if is_outcome(network, state)]


def invitations(network: Network, stability: Stability, places: Sequence[int]) -> list[State]:
    """Every stable invitation, as the attendances of those invited; `places` has the gathering of each.

    It must be stable, and all else that must hold, whatever the unknown facts are.
    """
    found: dict[State, bool] = {}
    for state in states(network):
        of, who = values(network, state), state[: network.attendances]
        good = (
            is_stable(network, state, stability, places)
            and all(holds(literal, of) for _, literal in network.rules)
            and all(holds(literal, of) for literal in network.given)
        )
        found[who] = found.get(who, True) and good
    return [who for who, good in found.items() if good]


def is_stable(network: Network, state: State, stability: Stability, places: Sequence[int]) -> bool:
    """Whether all who are invited would come, and nobody left out regrets it; the assumed are not asked."""
    asked = [x for x in range(network.attendances) if network.fixed[x] is None]
    guests, others = [x for x in asked if state[x]], [x for x in asked if not state[x]]
    if not all(is_willing(network, x, values(network, state)) for x in guests):
        return False
    match stability:
        case "none":
            return True
        case "addition":
            return not any(is_eager(network, x, values(network, moved(state, x))) for x in others)
        case "replacement":
            swaps = [(x, y) for x in others for y in guests if places[x] == places[y]]
            return not any(is_eager(network, x, values(network, moved(state, x, y))) for x, y in swaps)
        case _:
            assert_never(stability)


def moved(state: State, *atoms: int) -> State:
    """The state with those atoms turned."""
    return tuple(value != (atom in atoms) for atom, value in enumerate(state))


def is_willing(network: Network, x: int, of: Sequence[bool]) -> bool:
    """Whether somebody who is there is content to be: within their bounds, and if disinclined because they must."""
    stance = network.stances[x]
    must = stance.inclination is not DISINCLINED or any(holds(literal, of) for literal in stance.lowers)
    return must and all(holds(literal, of) for literal in stance.uppers)


def is_eager(network: Network, x: int, of: Sequence[bool]) -> bool:
    """Whether somebody who is there is content, and not by choice."""
    stance = network.stances[x]
    led = stance.inclination is INCLINED or any(holds(literal, of) for literal in stance.lowers)
    return led and all(holds(literal, of) for literal in stance.uppers)


def clashes(network: Network) -> list[frozenset[str]]:
    """Every minimal set of statements and rules that cannot stand together, all others set aside."""
    found: list[frozenset[str]] = []
    for ids in subsets(network.removable):
        if not any(clash <= ids for clash in found):
            rest = [i for i in network.removable if i not in ids]
            if not outcomes(network.without(rest)):
                found.append(ids)
    return found


def repairs(network: Network) -> list[frozenset[str]]:
    """Every minimum repair: the smallest sets that must be set aside for an outcome to exist.

    The empty set alone where there is an outcome; nothing where no repair admits one.
    """
    found: list[frozenset[str]] = []
    for ids in subsets(network.removable):
        if found and len(ids) > len(found[0]):
            break
        if outcomes(network.without(ids)):
            found.append(ids)
    return found


def repaired_outcomes(network: Network) -> list[State]:
    """The outcomes that verdicts are taken over: those of all minimum repairs together."""
    return sorted({state for ids in repairs(network) for state in outcomes(network.without(ids))})


def likelihood(network: Network, chances: Mapping[int, Fraction], literal: int) -> tuple[Fraction, Fraction, Fraction]:
    """Over all worlds of some facts that fall by chance, each by itself, three probabilities.

    That there is an outcome; that there is one, and the literal holds in all of them; that it holds in some.
    """
    sound = certain = possible = Fraction(0)
    for world in product((False, True), repeat=len(chances)):
        falls = dict(zip(chances, world, strict=True))
        weight = prod((chances[a] if true else 1 - chances[a] for a, true in falls.items()), start=Fraction(1))
        fallen = network.assuming(falls)
        held = [holds(literal, values(fallen, state)) for state in outcomes(fallen)]
        sound += weight if held else 0
        certain += weight if held and all(held) else 0
        possible += weight if any(held) else 0
    return sound, certain, possible


def subsets(ids: Sequence[str]) -> Iterator[frozenset[str]]:
    """Every subset, smallest first."""
    for size in range(len(ids) + 1):
        yield from map(frozenset, combinations(ids, size))


@dataclass(frozen=True, slots=True)
class Survey:
    """What is true of all outcomes together: what an engine finds, and this page defines.

    For each literal asked about: can it be true, can it be false. For each set of attendances:
    the fewest and the most of them that attend.
    """

    possible: tuple[tuple[bool, bool], ...]
    turnouts: tuple[tuple[int, int], ...] = ()


def survey(network: Network, literals: Sequence[int], crowds: Sequence[Sequence[int]] = ()) -> Survey | None:
    """The survey over the network's outcomes; None where there is none."""
    return summarise(network, outcomes(network), literals, crowds)


def summarise(
    network: Network, found: Sequence[State], literals: Sequence[int], crowds: Sequence[Sequence[int]]
) -> Survey | None:
    """The survey over the given states; None if there are none."""
    if not found:
        return None
    tables = [values(network, state) for state in found]
    return Survey(
        tuple((any(holds(q, of) for of in tables), any(not holds(q, of) for of in tables)) for q in literals),
        tuple(
            (min(sum(of[x] for x in crowd) for of in tables), max(sum(of[x] for x in crowd) for of in tables))
            for crowd in crowds
        ),
    )
