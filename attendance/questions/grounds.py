"""What a verdict rests on: a minimal set of statements, rules, assumptions, known facts and observations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from attendance.certificate import Member, Met, Theory
from attendance.engines import outcome
from attendance.engines.clashing import shrink
from attendance.engines.evaluation import is_outcome
from attendance.engines.parts import components, fragment
from attendance.engines.propagation import propagate
from attendance.network import Network, State
from attendance.questions.asking import Asked
from attendance.questions.chain import Chain


@dataclass(frozen=True)
class Grounds:
    """What entails an atom's value in a network: a theory that has no outcome if the other value is supposed.

    `needed` has, for each member of the theory, an outcome with the other value once it is left out.
    """

    network: Network
    theory: Theory
    needed: tuple[Met, ...]

    @property
    def value(self) -> bool:
        """The value that is entailed."""
        return self.theory.supposed[0] < 0

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of statements and rules, in the order of the case."""
        return tuple(i for i in self.network.removable if i in self.theory.ids)

    @cached_property
    def left(self) -> Network:
        """The network that holds the grounds alone."""
        return replace(self.theory, supposed=()).of(self.network)


@dataclass(frozen=True)
class Doubt:
    """The search for outcomes in which an atom has not the value that it has in a known one."""

    asked: Asked
    network: Network
    atom: int
    known: State

    @property
    def against(self) -> int:
        """The literal that the atom has the other value."""
        return ~self.atom if self.known[self.atom] else self.atom

    def outcome(self, theory: Theory) -> State | None:
        """An outcome of the theory with the other value, if there is one."""
        left = theory.of(self.network)
        if propagate(left).values[self.atom] is self.known[self.atom]:
            return None
        return self.turned(left, left, [self.atom]) or self.searched(left)

    def without(self, theory: Theory, left: Network, member: Member) -> State | None:
        """The same once a member is left out; `left` is the network of the theory, asked again for every member."""
        self.asked.deadline.check()
        near = self.near(member)
        if propagate(left, dict.fromkeys(near)).values[self.atom] is self.known[self.atom]:
            return None
        fewer = theory.without(member).of(self.network)
        return self.turned(left, fewer, [*near, self.atom]) or self.searched(fewer)

    def near(self, member: Member) -> list[int]:
        """The atoms that are free to turn when a member is left out."""
        kind, name = member
        if kind == "fixed":
            return [int(name)]
        return [x for x, stance in enumerate(self.network.stances) if any(p.statement == name for p in stance.parts)]

    def turned(self, read: Network, left: Network, atoms: Sequence[int]) -> State | None:
        """An outcome that follows when one of the atoms has the other value, and what is open is as it is known."""
        for atom in atoms:
            run = propagate(read, {**dict.fromkeys(atoms[:-1]), atom: not self.known[atom]})
            state = tuple(v if v is not None else k for v, k in zip(run.values, self.known, strict=False))
            if state[self.atom] != self.known[self.atom] and is_outcome(left, state):
                return state
        return None

    def searched(self, left: Network) -> State | None:
        """An outcome that an engine finds in the atom's connected part, the rest as it is known."""
        part = next(p for p in components(left) if self.atom in p.atoms)
        piece = fragment(left, part.atoms, left.fixed, part)
        found = outcome(piece.network, (), self.asked.engine, self.asked.deadline)
        if found is None:
            return None
        other = dict(zip(piece.atoms, found, strict=True))
        return tuple(other.get(a, value) for a, value in enumerate(self.known))


def grounds(asked: Asked, network: Network, atom: int, known: State) -> Grounds | None:
    """What entails the value that an atom has in a known outcome of the network; None where nothing does.

    First as few statements and rules as can be, then as little of the rest. Whatever is left out adds
    outcomes: a statement set aside, an assumption or a known fact that is neither assumed nor known, an
    observation not made. So entailment can only be lost by it, and a set is minimal when no member of
    it can be left out.
    """
    doubt = Doubt(asked, network, atom, known)
    theory = Theory.whole(network, doubt.against)
    if network.fixed[atom] is not None:
        theory = replace(theory, ids=frozenset(), fixed=frozenset({atom}), given=frozenset())
    elif doubt.outcome(theory) is not None:
        return None
    theory, for_ids = _pared(doubt, _with_few_ids(doubt, theory), ["ids"])
    theory, for_rest = _pared(doubt, _with_few_others(doubt, theory), ["fixed", "given"])
    shown = for_ids | for_rest
    return Grounds(network, theory, tuple(Met(theory.without(m), shown[m]) for m in theory.members))


def _pared(doubt: Doubt, theory: Theory, kinds: Sequence[str]) -> tuple[Theory, dict[Member, State]]:
    """The theory without the members of those kinds that it does not need, and what shows that it needs the rest.

    What shows it stays an outcome when further members go.
    """
    shown: dict[Member, State] = {}
    left = theory.of(doubt.network)
    for member in theory.members:
        if member[0] in kinds:
            other = doubt.without(theory, left, member)
            if other is not None:
                shown[member] = other
            else:
                theory = theory.without(member)
                left = theory.of(doubt.network)
    return theory, shown


def _with_few_ids(doubt: Doubt, theory: Theory) -> Theory:
    """Statements and rules that are enough: those of the chain, or what halving them again and again leaves."""
    network, atom = doubt.network, doubt.atom
    chain = Chain(network)
    order = chain.to(atom, doubt.known[atom])
    if order is not None:
        return replace(theory, ids=theory.ids & {name for node in order for name in chain.ids(node)})
    part = next(p for p in components(network) if atom in p.atoms)
    people = [x for x in part.atoms if x < network.attendances]
    inside = {p.statement for x in people for p in network.stances[x].parts} | {name for name, _ in part.rules}
    return _halved(doubt, theory, [("ids", i) for i in network.removable if i in inside])


def _with_few_others(doubt: Doubt, theory: Theory) -> Theory:
    """Assumptions, known facts and observations that are enough, in the same way."""
    order = Chain(replace(theory, supposed=()).of(doubt.network)).to(doubt.atom, doubt.known[doubt.atom])
    if order is not None:
        return replace(theory, fixed=theory.fixed & set(order), given=frozenset())
    return _halved(doubt, theory, [m for m in theory.members if m[0] != "ids"])


def _halved(doubt: Doubt, theory: Theory, members: Sequence[Member]) -> Theory:
    """The theory with only some of those members, of the kinds that they are."""
    kinds = {kind for kind, _ in members}

    def only(kept: Iterable[str]) -> Theory:
        left = {kind: frozenset(members[int(i)][1] for i in kept if members[int(i)][0] == kind) for kind in kinds}
        return replace(theory, **left)  # type: ignore[arg-type]

    def uncertain(kept: Sequence[str]) -> bool:
        return doubt.outcome(only(kept)) is not None

    return only(shrink([str(i) for i in range(len(members))], uncertain))
