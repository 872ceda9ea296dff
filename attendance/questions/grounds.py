"""What a verdict rests on: a minimal set of statements, rules, assumptions, known facts and observations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from attendance.engines import solve
from attendance.engines.clashing import shrink
from attendance.engines.parts import components, fragment
from attendance.network import Network
from attendance.questions.asking import Asked
from attendance.questions.chain import Chain


@dataclass(frozen=True)
class Grounds:
    """The ids that entail an atom's value, and the network that holds nothing else that is needed for it."""

    ids: tuple[str, ...]
    network: Network


def grounds(asked: Asked, base: Network, atom: int, value: bool) -> Grounds:
    """What entails an atom's value: first as few statements and rules as can be, then as little of the rest.

    Whatever is left out adds outcomes: a statement set aside, an assumption or a known fact that is
    neither assumed nor known, an observation not made. So entailment can only be lost by it, and a
    set is minimal when no member of it can be left out.
    """
    ids = _entailing(asked, base, atom, value)
    left = base.without(set(base.removable) - set(ids))
    return Grounds(ids, _without_needless(asked, left, atom, value))


def entails(asked: Asked, network: Network, atom: int, value: bool) -> bool:
    """Whether an atom has that value in every outcome of a network that has one."""
    return solve(network, asked.engine, asked.deadline).possible(atom) == (value, not value)


def _entailing(asked: Asked, network: Network, atom: int, value: bool) -> tuple[str, ...]:
    """The ids of statements and rules, in the order of the case; none for what is assumed."""
    if network.fixed[atom] is not None:
        return ()
    chain = Chain(network)
    order = chain.to(atom, value)
    used = {name for node in order for name in chain.ids(node)} if order is not None else set(network.removable)
    left = network.without(set(network.removable) - used)
    part = next(p for p in components(left) if atom in p.atoms)
    piece = fragment(left, part.atoms, left.fixed, part)
    here, ids = piece.atoms.index(atom), [i for i in piece.network.removable if i in used]

    def undecided(kept: Sequence[str]) -> bool:
        return not entails(asked, piece.network.without(set(ids) - set(kept)), here, value)

    return tuple(sorted(shrink(ids, undecided), key=network.removable.index))


def _without_needless(asked: Asked, network: Network, atom: int, value: bool) -> Network:
    """The network with only those assumptions, known facts and observations that the value needs."""
    order = Chain(network).to(atom, value)
    fixed = [a for a in (range(network.atoms) if order is None else order) if network.fixed[a] is not None]
    given = range(len(network.given)) if order is None else range(0)
    names = [*(f"atom {a}" for a in fixed), *(f"given {i}" for i in given)]

    def only(kept: Sequence[str]) -> Network:
        return replace(
            network,
            fixed=tuple(v if f"atom {a}" in kept else None for a, v in enumerate(network.fixed)),
            given=tuple(q for i, q in enumerate(network.given) if f"given {i}" in kept),
        )

    def undecided(kept: Sequence[str]) -> bool:
        return not entails(asked, only(kept), atom, value)

    found = only(sorted(shrink(names, undecided)))
    return network if (found.fixed, found.given) == (network.fixed, network.given) else found
