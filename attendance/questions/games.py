"""A goal as a game: what of a network bears on it while players are held to a value, and its threshold gates."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from attendance.engines.parts import Component, combined, components, fragment, others
from attendance.engines.parts import reads as reads_through
from attendance.gates import FALSE, TRUE, Gates, weighed
from attendance.model.sayings import Inclination
from attendance.network import Network, Sum, node_of


@dataclass(frozen=True)
class Frame:
    """All that bears on a goal, as a network of its own in which the players are bound by nothing.

    Give every player a value, and the goal holds in every outcome here just when it does in the
    whole network with those values assumed.
    """

    network: Network
    players: tuple[int, ...]
    goal: int


@dataclass(frozen=True)
class Game:
    """A function of players by threshold gates: the variables are the players, then those that are free.

    A set of players wins if the root is true whatever the free variables are. `sums` and `gates`
    are numbered as in a network, after the variables; no gate takes anybody as there.
    """

    players: int
    free: int
    sums: tuple[Sum, ...]
    gates: tuple[tuple[int, int], ...]
    root: int


def frame(network: Network, players: Sequence[int], goal: int) -> Frame:
    """The parts of a network in which the goal is decided, and those that players can make impossible.

    With the players pinned, other parts tell nothing of the goal. One without observations can
    always be met, by setting statements and rules aside; so can one whose observations do not read
    a player, if it can at all.
    """
    own = set(players)
    freed = network.freeing(own)
    aimed = reads(freed, [goal])
    parts = [
        part
        for part in components(freed.assuming(dict.fromkeys(own, False)))
        if not aimed.isdisjoint(part.atoms) or not own.isdisjoint(reads(freed, part.given))
    ]
    whole = Component(
        sorted(own.union(*(part.atoms for part in parts))),
        [rule for part in parts for rule in part.rules],
        [literal for part in parts for literal in part.given],
    )
    # an atom elsewhere is read only where a gate takes it as true, whatever it is
    inside = set(whole.atoms)
    values = [v if v is not None or a in inside else False for a, v in enumerate(freed.fixed)]
    piece, (asked,) = combined([fragment(freed, whole.atoms, values, whole)], freed, values, [goal])
    place = {atom: i for i, atom in enumerate(piece.atoms)}
    return Frame(piece.network, tuple(place[p] for p in players), asked)


def reads(network: Network, literals: Iterable[int]) -> set[int]:
    """The atoms that literals hang on through gates, one that a gate takes as true not counted there."""
    return reads_through(network, literals, others)


def obstacle(frame: Frame) -> str | None:
    """What stands in the way of reading the goal as a game, if anything does.

    Nothing does where every other attendance has bounds of one kind at most, none hangs on itself,
    and rules and observations read players alone (a rule that these break is set aside by itself).
    Then whatever the players do, going from cause to effect, each of the others has a value that
    keeps to their bounds: one value, or either one if they are free to choose. So there is always
    an outcome, nothing is set aside, and, with no circles, every outcome is founded.
    """
    network, players = frame.network, set(frame.players)
    if network.rules or not reads(network, network.given) <= players:
        return "rules or observations bear on others whom it hangs on"
    if any(stance.lowers and stance.uppers for stance in network.stances):
        return "somebody whom it hangs on has conditions of both kinds, when to come and when not to"
    return "it hangs on a circle of statements" if _order(network) is None else None


def game(frame: Frame) -> Game:
    """The goal of a frame without an obstacle, as a game."""
    return _Reading(frame).game()


def _order(network: Network) -> list[int] | None:
    """The nodes, each after all that it hangs on; None where one hangs on itself."""
    order: list[int] = []
    state = bytearray(network.atoms + len(network.gates))  # 1: begun, 2: done
    for start in range(len(state)):
        stack = [start]
        while stack:
            node = stack[-1]
            if state[node]:
                stack.pop()
                if state[node] == 1:
                    state[node] = 2
                    order.append(node)
                continue
            state[node] = 1
            inner = [n for n in _causes(network, node) if state[n] != 2]
            if any(state[n] == 1 for n in inner):
                return None
            stack += inner
    return order


def _causes(network: Network, node: int) -> Iterator[int]:
    """The nodes that the value of a node hangs on."""
    if node >= network.atoms:
        return others(network, node)
    if node >= network.attendances:
        return iter(())
    stance = network.stances[node]
    return (node_of(q) for q in (*stance.lowers, *stance.uppers))


class _Reading:
    """Every node of a frame as a literal over the players and those who are free."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.network = frame, frame.network
        open_ = [a for a in range(self.network.atoms) if self.is_free(a)]
        self.variables = [*frame.players, *(a for a in open_ if a not in set(frame.players))]
        self.variable = {atom: i for i, atom in enumerate(self.variables)}
        self.gates = Gates(len(self.variables))
        self.of: dict[int, int] = {}

    def game(self) -> Game:
        """The game, its gates in topological order."""
        order = _order(self.network)
        assert order is not None, "an obstacle"
        for node in order:
            self.of[node] = self.atom(node) if node < self.network.atoms else self.gate(node)
        root = self.gates.all_of([self.literal(q) for q in (self.frame.goal, *self.network.given)])
        players = len(self.frame.players)
        gates = tuple((gate.sum, gate.quota) for gate in self.gates.gates)
        return Game(players, len(self.variables) - players, tuple(self.gates.sums), gates, root)

    def is_free(self, atom: int) -> bool:
        """Whether an atom leaves a choice: a fact, or an attendance that is open."""
        return atom >= self.network.attendances or self.network.stances[atom].inclination is Inclination.OPEN

    def literal(self, literal: int) -> int:
        return self.of[literal] if literal >= 0 else ~self.of[~literal]

    def atom(self, atom: int) -> int:
        """What an attendance does by its bounds, with its own choice where it has one."""
        if atom >= self.network.attendances:
            return self.variable[atom]
        stance = self.network.stances[atom]
        lowers, uppers = [self.literal(q) for q in stance.lowers], [self.literal(q) for q in stance.uppers]
        match stance.inclination:
            case Inclination.INCLINED:
                return self.gates.all_of(uppers)
            case Inclination.DISINCLINED:
                return self.gates.any_of(lowers)
            case Inclination.OPEN:
                own = self.variable[atom]
                return self.gates.any_of([own, *lowers]) if lowers else self.gates.all_of([own, *uppers])
            case _:
                assert_never(stance.inclination)

    def gate(self, node: int) -> int:
        gate = self.network.gates[node - self.network.atoms]
        of = self.network.sums[gate.sum]
        pairs = (
            (TRUE if q == gate.taken else FALSE if gate.taken is not None and q == ~gate.taken else self.literal(q), w)
            for q, w in zip(of.literals, of.weights, strict=True)
        )
        return self.gates.at_least(gate.quota, weighed(pairs))
