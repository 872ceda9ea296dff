"""What an explanation shows for itself: what was refuted, and what was met, of a network with parts left out."""

from dataclasses import dataclass, field
from typing import Any, Literal

from attendance.network import Network, State

Tree = tuple[int | None, ...]
"""Case splits, the root first: a literal, then the tree in which it is true, then the one in which it is false.

None is a leaf: propagation alone refutes what has been split so far.
"""


Member = tuple[Literal["ids", "fixed", "given"], str | int]
"""An id of a theory, a fixed atom, or the place of a given."""


@dataclass(frozen=True, slots=True)
class Theory:
    """What is counted on: ids of statements and rules, fixed atoms, places of givens; and what is supposed besides.

    To count on less only adds outcomes: a statement set aside, an atom not fixed, an observation not made.
    """

    ids: frozenset[str]
    fixed: frozenset[int]
    given: frozenset[int]
    supposed: tuple[int, ...] = ()

    @classmethod
    def whole(cls, network: Network, *supposed: int) -> "Theory":
        """All of a network."""
        fixed = (a for a, value in enumerate(network.fixed) if value is not None)
        return cls(frozenset(network.removable), frozenset(fixed), frozenset(range(len(network.given))), supposed)

    def of(self, network: Network) -> Network:
        """The network that holds just this; what is supposed is given."""
        left = network.without(i for i in network.removable if i not in self.ids)
        fixed = tuple(value if atom in self.fixed else None for atom, value in enumerate(network.fixed))
        given = tuple(q for i, q in enumerate(network.given) if i in self.given)
        return left.varied(fixed=fixed, given=(*given, *self.supposed))

    def within(self, other: "Theory") -> bool:
        """Whether the other counts on all that this one does."""
        return self.ids <= other.ids and self.fixed <= other.fixed and self.given <= other.given

    @property
    def members(self) -> list[Member]:
        """All that is counted on, in order."""
        return [
            *(("ids", i) for i in sorted(self.ids)),
            *(("fixed", a) for a in sorted(self.fixed)),
            *(("given", g) for g in sorted(self.given)),
        ]

    def without(self, member: Member) -> "Theory":
        """This with one member left out."""
        kind, name = member
        left: frozenset[Any] = getattr(self, kind) - {name}
        return Theory(
            left if kind == "ids" else self.ids,
            left if kind == "fixed" else self.fixed,
            left if kind == "given" else self.given,
            self.supposed,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: ids, and numbers of atoms, givens and literals."""
        return {
            "ids": sorted(self.ids),
            "fixed": sorted(self.fixed),
            "given": sorted(self.given),
            "supposed": list(self.supposed),
        }


@dataclass(frozen=True, slots=True)
class Refuted:
    """There is no outcome of the theory: the case splits that show it."""

    theory: Theory
    tree: Tree

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**self.theory.to_dict(), "tree": list(self.tree)}


@dataclass(frozen=True, slots=True)
class Met:
    """The theory has an outcome: this state."""

    theory: Theory
    state: State

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**self.theory.to_dict(), "state": list(self.state)}


@dataclass(frozen=True)
class Certificate:
    """What a verdict on an atom rests on; `attendance.checker` verifies it.

    `mended` has an outcome of the network, or of every minimum repair of it that is known, where it
    has none; `clashes` then refute what cannot stand together. `refuted` shows, for a value that is
    certain, that the other one cannot be; `ids` are the statements and rules that do it, and `needed`
    has, for each member that is left out, an outcome in which the other value is there.
    """

    network: Network = field(compare=False)  # compared by identity, which a copy has not
    atom: int
    value: bool | None
    ids: frozenset[str]
    mended: tuple[Met, ...]
    refuted: tuple[Refuted, ...] = ()
    clashes: tuple[Refuted, ...] = ()
    needed: tuple[Met, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; nodes and literals by their numbers in the network."""
        return {
            "atom": self.atom,
            "value": self.value,
            "ids": sorted(self.ids),
            "mended": [m.to_dict() for m in self.mended],
            "refuted": [r.to_dict() for r in self.refuted],
            "clashes": [c.to_dict() for c in self.clashes],
            "needed": [m.to_dict() for m in self.needed],
        }
