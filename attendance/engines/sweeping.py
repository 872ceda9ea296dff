"""The verdicts of many scenarios at once: propagation in planes, then values chosen in planes, then the solver.

A scenario gives values to some atoms, whose own statements are set aside. What is varied connects nothing,
so connected parts are the same in every scenario, and each is looked at for itself. Most lanes are decided
by propagation; where it is exact that is all. In those left values are chosen, in all lanes together; what
then has no outcome, or would take too long, is solved scenario by scenario, each combination of what the
part hangs on once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from attendance.engines.auto import solve
from attendance.engines.balance import is_exact, is_tearable
from attendance.engines.branching import Search, broken
from attendance.engines.cutset import Cut, cut
from attendance.engines.deadline import Deadline
from attendance.engines.following import Following
from attendance.engines.lanes import Lanes, State
from attendance.engines.parts import Component, components, fragment, reads
from attendance.engines.planes import ones, plane_of
from attendance.engines.solution import Possible
from attendance.errors import ImpossibleScenario
from attendance.network import Network

LEAST = 64
"""A search is given up after so many steps, or more where to solve its lanes one by one would take longer."""
EFFORT = 40 << 16
"""To solve one lane takes about as long as to propagate one node in so many lanes."""
NARROW = 2048
"""To propagate one node in fewer lanes than these takes no less time."""
REMEMBERED = 100_000
"""How many scenarios that were solved are kept."""
SPARSE = 8
"""Lanes are put together before they are looked at again, if less than one in so many is left."""

Indexed = Sequence[int] | Mapping[int, int]
"""Planes by the number of their atom."""


@dataclass(frozen=True, slots=True)
class Swept:
    """Planes of scenarios: where each atom is true in every outcome, and where it is open.

    Where it is neither, it is false; of an atom that is nowhere open there is no plane of that. Scenarios
    are `torn` where not all can be kept, and `impossible` where nothing helps.
    """

    there: Mapping[int, int]
    open: Mapping[int, int]
    torn: int = 0
    impossible: int = 0

    def repeated(self, full: int) -> "Swept":
        """What was found of one scenario in all of those lanes."""
        there, open_ = ({a: full * plane for a, plane in planes.items()} for planes in (self.there, self.open))
        return Swept(there, open_, full * self.torn, full * self.impossible)


@dataclass(frozen=True)
class Varied:
    """A network with the atoms that are varied; `engine` answers for every scenario alone, unless it is `auto`.

    Without `mend`, a scenario in which not all can be kept has no verdicts: it is only said to be torn.
    """

    network: Network
    atoms: tuple[int, ...]
    engine: str = "auto"
    mend: bool = True

    def __reduce__(self) -> tuple[Any, ...]:
        """Without the parts, which have steps that cannot be sent."""
        return Varied, (replace(self.network, origin=None), self.atoms, self.engine, self.mend)

    @cached_property
    def parts(self) -> tuple["Part", ...]:
        """The connected parts, in the order of their first atom."""
        free = frozenset(self.atoms)
        network = self.network.freeing(free)
        return tuple(
            self.part(network, part, free) for part in components(network.assuming(dict.fromkeys(free, False)))
        )

    def part(self, network: Network, part: Component, free: frozenset[int]) -> "Part":
        """A connected part, with what it hangs on of what is free."""
        stances = [network.stances[x] for x in part.atoms if x < network.attendances]
        bounds = [q for s in stances for q in (*s.lowers, *s.uppers)]
        read = reads(network, [*bounds, *(q for _, q in part.rules), *part.given]) & free
        atoms = sorted({*part.atoms, *read})
        piece = fragment(network, atoms, network.fixed, Component(atoms, part.rules, part.given)).network
        inputs = tuple(i for i, atom in enumerate(atoms) if atom in read)
        return Part(piece.assuming(dict.fromkeys(inputs, False)), tuple(atoms), inputs, self.engine, self.mend)


@dataclass(frozen=True, eq=False)
class Part:
    """A connected part as a network of its own: `atoms` has the number of each in the whole, `inputs` are varied."""

    network: Network
    atoms: tuple[int, ...]
    inputs: tuple[int, ...]
    engine: str
    mend: bool = True
    solved: dict[bytes, "_Found"] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def varied(self) -> tuple[int, ...]:
        """What it hangs on of what is varied, in the numbers of the whole."""
        return tuple(self.atoms[i] for i in self.inputs)

    @cached_property
    def place(self) -> Mapping[int, int]:
        """Its own number of each atom of the whole."""
        return {atom: i for i, atom in enumerate(self.atoms)}

    @cached_property
    def inner(self) -> tuple[int, ...]:
        """Its own atoms, those that are not varied."""
        varied = frozenset(self.inputs)
        return tuple(a for a in range(self.network.atoms) if a not in varied)

    @cached_property
    def may_be_impossible(self) -> bool:
        """Whether there may be scenarios of it that nothing can meet."""
        return bool(self.network.given)

    @cached_property
    def exact(self) -> bool:
        """Whether propagation is all that it takes."""
        return self.engine == "auto" and is_exact(self.network)

    @cached_property
    def lanes(self) -> Lanes:
        """The steps of propagation."""
        return Lanes(self.network, self.inputs, frozenset(self.cut.choices))

    @cached_property
    def cut(self) -> Cut:
        """The atoms whose values decide all others: those that are chosen first."""
        found = cut(self.network, self.network.atoms)
        assert found is not None, "no more are chosen than there are"
        return found

    @cached_property
    def following(self) -> Following | None:
        """The steps where all follows from what is varied, and nothing can clash."""
        network = self.network
        if self.engine != "auto" or self.cut.choices or network.rules or network.given:
            return None
        return None if any(map(is_tearable, network.stances)) else Following(network, self.cut)

    def sweep(self, given: Mapping[int, int], width: int, deadline: Deadline) -> Swept:
        """The verdicts of so many scenarios, from planes of what is varied, in the numbers of the whole.

        Raises EngineError, ResolutionTimeout.
        """
        deadline.check()
        full = (1 << width) - 1
        planes = {i: given[self.atoms[i]] for i in self.inputs}
        if self.following is not None:
            values = self.following.run(planes, full)
            return Swept({self.atoms[a]: values[a] for a in self.inner}, {})
        if self.engine == "auto":
            state = self.lanes.run(planes, full)
            found, left = _Planes.of(state, self.network.atoms), 0
            if not self.exact:
                left = self.unsure(state, full)
            many = left.bit_count() * SPARSE > width
            if many:
                left = self.branch(found, state, left, full, deadline)
        else:
            found, left, many = _Planes.empty(self.network.atoms), full, True
        if left:
            self.settle(found, left, planes, width, deadline, tried=many)
        there = {self.atoms[a]: found.there[a] for a in self.inner}
        open_ = {self.atoms[a]: full ^ found.there[a] ^ found.away[a] for a in self.inner}
        return Swept(there, {a: plane for a, plane in open_.items() if plane}, found.torn, found.impossible)

    def unsure(self, state: State, full: int) -> int:
        """The lanes in which something is open, or what is decided cannot be."""
        left = broken(self.network, state)
        for a in self.inner:
            left |= full ^ state[2 * a] ^ state[2 * a + 1]  # neither, or both
        return left

    def branch(self, found: "_Planes", state: State, left: int, full: int, deadline: Deadline) -> int:
        """Settle lanes by choosing values, in place; what comes back are those without an outcome, or given up.

        In every lane the values of what is open are tried, one after the other, propagated, and given up as
        soon as they clash; all lanes at once. What all have been found to be able to be, ends the search.
        """
        search = Search(self.lanes, self.cut, self.inner, state, left)
        one_by_one, step = left.bit_count() * EFFORT, (len(self.lanes.units) + 1) * max(full.bit_length(), NARROW)
        search.go(deadline, max(LEAST, one_by_one // step))
        both = [can & cannot for can, cannot in zip(search.can, search.cannot, strict=True)]
        there = [can ^ of for can, of in zip(search.can, both, strict=True)]
        away = [cannot ^ of for cannot, of in zip(search.cannot, both, strict=True)]
        found.settle(self.inner, search.settled, there, away)
        if not self.mend:
            found.torn = search.none
            left ^= search.none
        return left ^ left & search.settled

    def settle(
        self, found: "_Planes", left: int, planes: Mapping[int, int], width: int, deadline: Deadline, *, tried: bool
    ) -> None:
        """Settle the lanes that are left, each combination of what is varied once, in place."""
        groups = self.combinations(left, planes, width)
        keys, lanes = [*groups], [*groups.values()]
        few = _Planes.empty(self.network.atoms)
        rest = full = (1 << len(keys)) - 1
        if not tried:
            given = {i: plane_of(key[at] for key in keys) for at, i in enumerate(self.inputs)}
            rest = self.branch(few, self.lanes.run(given, full), full, full, deadline)
        for number in ones(rest):
            deadline.check()
            few.add(number, self.solve(keys[number], deadline), self.inner)

        def spread(plane: int) -> int:
            marks = bytearray(width // 8 + 1)
            for number in ones(plane):
                for lane in lanes[number]:
                    marks[lane >> 3] |= 1 << (lane & 7)
            return int.from_bytes(marks, "little")

        there, away = ({a: spread(of[a]) for a in self.inner} for of in (few.there, few.away))
        found.settle(self.inner, left, there, away)
        found.torn |= spread(few.torn)
        found.impossible = spread(few.impossible)

    def combinations(self, left: int, planes: Mapping[int, int], width: int) -> dict[bytes, list[int]]:
        """The lanes left by the values of what is varied in them."""
        rows = [planes[i].to_bytes(width // 8 + 1, "little") for i in self.inputs]
        found: dict[bytes, list[int]] = {}
        for lane in ones(left):
            at, bit = lane >> 3, lane & 7
            found.setdefault(bytes(row[at] >> bit & 1 for row in rows), []).append(lane)
        return found

    def solve(self, key: bytes, deadline: Deadline) -> "_Found":
        """One scenario, solved once."""
        found = self.solved.get(key)
        if found is None:
            values = {i: bool(v) for i, v in zip(self.inputs, key, strict=True)}
            if len(self.solved) >= REMEMBERED:
                self.solved.clear()
            found = self.solved[key] = _solved(self.network.assuming(values), self.engine, deadline, self.mend)
        return found


@dataclass(frozen=True, slots=True)
class _Found:
    """What is found of one scenario: of each atom, or None where there are no verdicts; whether it is torn."""

    atoms: tuple[Possible, ...] | None
    torn: bool


@dataclass(slots=True)
class _Planes:
    """Planes of a part as they are found: for each atom where it is true, and where it is false, in every outcome."""

    there: list[int]
    away: list[int]
    torn: int = 0
    impossible: int = 0

    @classmethod
    def empty(cls, atoms: int) -> "_Planes":
        """Nothing of so many atoms."""
        return cls([0] * atoms, [0] * atoms)

    @classmethod
    def of(cls, state: State, atoms: int) -> "_Planes":
        """What is propagated."""
        return cls(state[0 : 2 * atoms : 2], state[1 : 2 * atoms : 2])

    def settle(self, inner: Iterable[int], lanes: int, there: Indexed, away: Indexed) -> None:
        """Take those lanes from other planes."""
        for a in inner:
            self.there[a] ^= (self.there[a] ^ there[a]) & lanes
            self.away[a] ^= (self.away[a] ^ away[a]) & lanes

    def add(self, lane: int, found: _Found, inner: Sequence[int]) -> None:
        """Set one lane to what is found of its scenario."""
        mark = 1 << lane
        self.torn |= mark if found.torn else 0
        if found.atoms is None:
            self.impossible |= 0 if found.torn else mark
            return
        for a in inner:
            match found.atoms[a]:
                case True, False:
                    self.there[a] |= mark
                case False, True:
                    self.away[a] |= mark


def _solved(network: Network, engine: str, deadline: Deadline, mend: bool) -> _Found:
    try:
        solution = solve(network, engine, deadline, mend=mend, memory=None)
        if not (mend or solution.consistent):
            return _Found(None, True)
        return _Found(tuple(solution.atoms), not solution.consistent)
    except ImpossibleScenario:
        return _Found(None, False)


def sweep(parts: Sequence[Part], given: Mapping[int, int], width: int, deadline: Deadline) -> Swept:
    """The verdicts of so many scenarios on the atoms of several parts, from planes of what is varied.

    In a scenario that is impossible, nothing is true, nor open.
    """
    full = (1 << width) - 1
    there: dict[int, int] = {}
    open_: dict[int, int] = {}
    torn = impossible = 0
    for part in parts:
        found = part.sweep(given, width if part.inputs else 1, deadline)
        if not part.inputs:
            found = found.repeated(full)
        there.update(found.there)
        open_.update(found.open)
        torn |= found.torn
        impossible |= found.impossible
    if impossible:
        there = {a: plane ^ plane & impossible for a, plane in there.items()}
        open_ = {a: plane ^ plane & impossible for a, plane in open_.items()}
    return Swept(there, open_, torn ^ torn & impossible, impossible)
