"""What follows in a network by unit propagation alone: no search, and nothing that an engine knows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, node_of

Values = Sequence[bool | None]


class Consequences:
    """A network made ready for propagation: asked as often as one likes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.pairs = [list(zip(s.literals, s.weights, strict=True)) for s in network.sums]
        self.clauses = [[q] for q in (*network.given, *(q for _, q in network.rules))]
        for x, stance in enumerate(network.stances):
            self.clauses += clauses(x, stance) if network.fixed[x] is None else []

    def of(self, supposed: Iterable[int] = ()) -> list[bool | None] | None:
        """What follows, step by step, for every node; None where it is a contradiction."""
        network, left = self.network, -1
        of: list[bool | None] = [*network.fixed, *[None] * len(network.gates)]
        if not all(put(q, of) for q in supposed):
            return None
        while left != (left := of.count(None)):
            bounds = self.bounds(of)
            for node, gate in enumerate(network.gates, network.atoms):
                if not all(put(q, of) for q in self.around(gate, node, of, bounds[gate.sum])):
                    return None
            for clause in self.clauses:
                open_ = [q for q in clause if value(q, of) is not False]
                if not open_ or (len(open_) == 1 and not put(open_[0], of)):
                    return None
            if network.founded and not all(put(~x, of) for x in unreached(network, of)):
                return None
        return of

    def bounds(self, of: Values) -> list[list[int]]:
        """For each sum what its literals add up to, at least and at most, and what its decided gates say of that."""
        found = []
        for pairs in self.pairs:
            low = sum(w for q, w in pairs if value(q, of))
            high = low + sum(w for q, w in pairs if value(q, of) is None)
            found.append([low, high, low, high])
        for node, gate in enumerate(self.network.gates, self.network.atoms):
            (sure, never), told = self.taken(gate, of), found[gate.sum]
            if of[node]:
                told[2] = max(told[2], gate.quota - sure)
            elif of[node] is False:
                told[3] = min(told[3], gate.quota - 1 + never)
        return found

    def taken(self, gate: Gate, of: Values) -> tuple[int, int]:
        """What it may add to the sum, and take from it, to read the one who is taken to be there as there."""
        if gate.taken is None or of[gate.taken]:
            return 0, 0
        pairs = self.pairs[gate.sum]
        return sum(w for q, w in pairs if q == gate.taken), sum(w for q, w in pairs if q == ~gate.taken)

    def around(self, gate: Gate, node: int, of: Values, bounds: Sequence[int]) -> Iterator[int]:
        """What a gate's sum says of the gate, and the gate of each literal in its sum."""
        (sure, never), (low, high, least, most) = self.taken(gate, of), bounds
        low, high = low + sure, high - never
        if gate.taken is not None and of[gate.taken] is False:
            low, high = low - never, high + sure
        if max(low, least - never) >= gate.quota:
            yield node
        if min(high, most + sure) < gate.quota:
            yield ~node
        for q, w in self.pairs[gate.sum] if of[node] is not None else ():
            decides = high - w < gate.quota if of[node] else low + w >= gate.quota
            if decides and value(q, of) is None and gate.taken not in (q, ~q):
                yield q if of[node] else ~q


def value(literal: int, of: Values) -> bool | None:
    """The value of a literal, where it is known."""
    known = of[literal] if literal >= 0 else of[~literal]
    return known if known is None or literal >= 0 else not known


def put(literal: int, of: list[bool | None]) -> bool:
    """Take a literal as true; False where it is known to be false."""
    if (known := value(literal, of)) is None:
        of[node_of(literal)] = literal >= 0
    return known is not False


def clauses(x: int, stance: Stance) -> list[list[int]]:
    """An attendance keeps within its bounds and follows its inclination, as clauses."""
    found = [[x, ~q] for q in stance.lowers] + [[~x, q] for q in stance.uppers]
    match stance.inclination:
        case Inclination.INCLINED:
            found.append([x, *(~q for q in stance.uppers)])
        case Inclination.DISINCLINED:
            found.append([~x, *stance.lowers])
        case Inclination.OPEN:
            pass
        case _:
            assert_never(stance.inclination)
    return found


def unreached(network: Network, of: Values) -> set[int]:
    """Who is not reached from nobody, even where all that is open helps: in a founded outcome they are absent."""
    people, joined = range(network.attendances), set[int]()
    while True:
        can = [((n in joined) if n in people else of[n] is not False, of[n] is not True) for n in range(network.atoms)]
        for gate in network.gates:
            weights, literals = network.sums[gate.sum].weights, network.sums[gate.sum].literals
            sides = [(q >= 0, q < 0) if gate.taken in (q, ~q) else reach(q, can) for q in literals]
            there, away = (sum(w for w, side in zip(weights, sides, strict=True) if side[i]) for i in (0, 1))
            can.append((there >= gate.quota, away > sum(weights) - gate.quota))
        more = {x for x in people if x not in joined and of[x] is not False and joins(network, x, can)}
        if not more:
            return {*people} - joined
        joined |= more


def reach(literal: int, can: Sequence[tuple[bool, bool]]) -> tuple[bool, bool]:
    """Whether a literal can be reached, and whether its negation can."""
    return can[literal] if literal >= 0 else can[~literal][::-1]


def joins(network: Network, x: int, can: Sequence[tuple[bool, bool]]) -> bool:
    """Whether an attendance can join, given what can be reached."""
    stance = network.stances[x]
    willing = stance.inclination is not Inclination.DISINCLINED and all(reach(q, can)[0] for q in stance.uppers)
    moved = stance.lost or willing or any(reach(q, can)[0] for q in stance.lowers)
    return network.fixed[x] is True or (network.fixed[x] is None and moved)
