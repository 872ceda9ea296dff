"""All outcomes of many scenarios, as far as they tell what can be: values chosen in all lanes at once.

Where propagation leaves something open, an atom is chosen to be true, then to be false, and what follows is
propagated; in all lanes together, depth first, until all is decided or something is both true and false.
It is the search of Davis, Putnam, Logemann and Loveland (1962), with a lane for each scenario.
"""

from collections.abc import Iterator, Mapping, Sequence

from attendance.engines.cutset import Cut
from attendance.engines.deadline import Deadline
from attendance.engines.lanes import Lanes, State
from attendance.engines.tables import Table
from attendance.network import Network, node_of

Chosen = dict[int, tuple[int, int]]
"""Where atoms are chosen to be true, and where to be false."""


def broken(network: Network, state: State) -> int:
    """The lanes in which a rule or an observation is certainly not met."""
    lanes = 0
    for literal in (*(q for _, q in network.rules), *network.given):
        lanes |= state[2 * node_of(literal) + (literal >= 0)]
    return lanes


class Search:
    """Looks at some lanes of a state; afterwards all is known of those `settled`, and `none` have no outcome.

    In settled ones an atom can be true where `can` has the lane, and false where `cannot` has it.
    """

    def __init__(self, lanes: Lanes, cut: Cut, inner: Sequence[int], state: State, left: int) -> None:
        self.lanes, self.network, self.cut, self.inner = lanes, lanes.network, cut, inner
        self.root, self.full, self.left = state, lanes.full, left
        self.sure = {a: self.full ^ left & (self.full ^ (state[2 * a] | state[2 * a + 1])) for a in inner}
        self.some = 0
        self.can, self.cannot = [0] * self.network.atoms, [0] * self.network.atoms

    def go(self, deadline: Deadline, tries: int) -> None:
        """Search, in so many steps at most."""
        whole = self.left
        stack: list[tuple[State, Chosen, int]] = [(self.root, {}, whole)]
        while stack and tries:
            deadline.check()
            tries -= 1
            state, chosen, alive = stack.pop()
            alive &= self.left & (self.full ^ broken(self.network, state))
            undecided: dict[int, int] = {}
            open_ = 0
            for a in self.inner:
                true, false = state[2 * a], state[2 * a + 1]
                alive ^= alive & true & false
                undecided[a] = self.full ^ (true | false)
                open_ |= undecided[a]
            decided = alive ^ alive & open_
            if decided:
                self.note(state, decided)
            alive &= open_ & self.left
            if alive:
                stack += self.choices(state, chosen, alive, undecided)
        given_up = 0
        for _, _, alive in stack:
            given_up |= alive & self.left
        self.settled = self.some ^ self.some & given_up
        self.none = whole ^ whole & (self.some | given_up)

    def choices(
        self, state: State, chosen: Chosen, alive: int, undecided: Mapping[int, int]
    ) -> Iterator[tuple[State, Chosen, int]]:
        """The two values of one atom, in the lanes in which it is open; the first goes on with all others too."""
        atom = max(self.cut.choices, key=lambda a: (alive & undecided[a]).bit_count())  # all else follows from them
        lanes = alive & undecided[atom]
        for planes, kept in ((lanes, 0), alive), ((0, lanes), lanes):
            further = {**chosen, atom: planes}
            yield self.lanes.further(state, further, atom), further, kept

    def note(self, state: State, lanes: int) -> None:
        """Take up the outcomes in those lanes, where all is decided and nothing clashes."""
        if self.network.founded:
            lanes &= self.founded(state)
        self.some |= lanes
        known = self.some
        for a in self.inner:
            self.can[a] |= lanes & state[2 * a]
            self.cannot[a] |= lanes & state[2 * a + 1]
            known &= self.can[a] & self.cannot[a] | self.sure[a]
        self.left ^= self.left & known

    def founded(self, state: State) -> int:
        """The lanes in which those who attend are just those reached from nobody."""
        network = self.network
        given = {a: state[2 * a] for a in range(network.atoms)}
        return Table(network, Cut((), ()), given, self.full.bit_length()).founded(frozenset())
