"""What assumptions do in a small network: whole truth tables, for every set of assumptions in one go."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, combinations

from attendance.engines import consistent
from attendance.engines.deadline import Deadline
from attendance.engines.planes import ones
from attendance.engines.tables import Table
from attendance.model.sayings import Inclination
from attendance.network import Network
from attendance.questions.refuting import Values, aside, minimal_hitting_sets, torn

FEW = 16
"""Up to this many atoms all sets of assumptions are tried in a truth table."""
MENDINGS = 50
"""The most ways to set clashing statements aside that are looked at one by one."""


@dataclass(frozen=True)
class Trial:
    """A network all of whose atoms are free, which of them may be assumed, and how its clashes are mended.

    Where an atom is assumed, its own statements are set aside, and a clash that has one of them is gone. The
    other clashes stay what they were: a set that makes another one contradicts a way to mend them, for the
    minimal sets that mend and the minimal sets that clash determine each other (Reiter, 1987).
    """

    network: Network
    over: tuple[int, ...]
    clashes: tuple[frozenset[str], ...]
    standing: tuple[frozenset[str], ...]
    """What is set aside in each way of mending that has to stand with what is assumed."""
    deadline: Deadline

    @cached_property
    def table(self) -> Table:
        """The truth table: a lane for each state."""
        return Table(self.network)

    @cached_property
    def said(self) -> list[frozenset[str]]:
        """The statements about each attendance."""
        return [frozenset(part.statement for part in stance.parts) for stance in self.network.stances]

    def fine(self, atoms: Sequence[int]) -> int:
        """The values of those atoms that contradict no way of mending what clashes; all, where nothing does."""
        found = self.table.full
        for gone in self.standing if atoms else ():
            found &= self.some(atoms, self.kept(atoms, gone))
        return found

    def outcomes(self, atoms: Sequence[int]) -> int:
        """The lanes that are outcomes of a minimum repair where those atoms are assumed as the lane has them."""
        spoken = frozenset().union(*(self.said[a] for a in atoms if a < self.network.attendances))
        left = tuple(clash for clash in self.clashes if clash.isdisjoint(spoken))
        found = 0
        for gone in self.repairs(left):
            found |= self.kept(atoms, gone)
        return found

    def kept(self, atoms: Sequence[int], gone: frozenset[str]) -> int:
        """The lanes in which all but those atoms are content without what is set aside, and all else holds."""
        table, found = self.table, self.table.full
        for literal in (*self.network.given, *(q for name, q in self.network.rules if name not in gone)):
            found &= table.plane(literal)
        for x in range(self.network.attendances):
            if x not in atoms:
                found &= self.content(x, gone & self.said[x])
        return found

    @cached_property
    def content(self) -> Callable[[int, frozenset[str]], int]:
        """The lanes in which an attendance is content without some of its statements."""
        return cache(self.table.content)

    @cached_property
    def repairs(self) -> Callable[[tuple[frozenset[str], ...]], list[frozenset[str]]]:
        """The minimum repairs of some of the clashes."""
        return cache(_minimum)

    def some(self, atoms: Sequence[int], lanes: int) -> int:
        """The lanes together with those that have the same values of the atoms."""
        for atom in range(self.network.atoms):
            if atom not in atoms:
                true = self.table.plane(atom)
                lanes |= (lanes & true) >> (1 << atom) | (lanes & ~true) << (1 << atom)
        return lanes

    def minimal(self, does: Callable[[Sequence[int]], int], *, smallest: bool = False) -> Iterator[Values]:
        """The minimal sets that do, fewest first, where `does` has the lanes whose values of some atoms do.

        All of them, or the smallest alone.
        """
        covered = {0: 0}
        for size in range(len(self.over) + 1):
            known, covered = covered, {}
            for atoms in combinations(self.over, size):
                self.deadline.check()
                mask, before = sum(1 << a for a in atoms), 0
                for a in atoms:
                    before |= known[mask ^ 1 << a]
                lanes = 0 if before == self.table.full else does(atoms) & ~before
                covered[mask] = before | lanes
                for a in range(self.network.atoms) if lanes else ():
                    lanes &= self.table.full if a in atoms else ~self.table.plane(a)
                for values in sorted(ones(lanes), reverse=True):
                    yield {a: bool(values >> a & 1) for a in sorted(atoms)}
            if set(covered.values()) == {self.table.full} or (smallest and any(covered.values())):
                return


def _minimum(clashes: tuple[frozenset[str], ...]) -> list[frozenset[str]]:
    """The smallest sets that mend those clashes."""
    found = minimal_hitting_sets(clashes)
    return [gone for gone in found if len(gone) == len(found[0])]


def trial(network: Network, over: Sequence[int], engine: str, deadline: Deadline) -> Trial | None:
    """What is tried in a network, by its truth table; None where that cannot be, or would take too long."""
    if engine not in ("auto", "tables") or network.atoms > FEW or network.founded or {*network.fixed} != {None}:
        return None
    if consistent(network, engine, deadline):
        return Trial(network, tuple(over), (), (), deadline)
    if any(not s.parts and s.inclination is not Inclination.OPEN for s in network.stances):
        return None  # to assume somebody silent would set aside what no statement says
    tears = torn(network, engine, deadline)
    clashes, standing = tuple(chain.from_iterable(t.clashes for t in tears)), tuple(aside(tears))
    said: Iterable[str] = chain.from_iterable({p.statement for p in s.parts} for s in network.stances)
    several = _twice(said)
    if len(standing) > MENDINGS or not several.isdisjoint(chain.from_iterable(clashes)):
        return None
    return Trial(network, tuple(over), clashes, standing, deadline)


def _twice(names: Iterable[str]) -> set[str]:
    """Those that come more than once."""
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]
