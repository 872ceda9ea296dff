"""Two outcomes that differ in one atom, and in as little else as is found with a few tries."""

from collections.abc import Sequence
from itertools import islice

from attendance.engines import outcome, solve
from attendance.engines.parts import components, fragment
from attendance.errors import ResolutionTimeout
from attendance.network import Network, State
from attendance.questions.asking import Asked

CONFLICTS = 1000
"""How many dead ends a search for one may run into."""
TRIES = 50
"""How often an outcome is asked for that is more like the first one."""


def witnesses(asked: Asked, atom: int) -> tuple[State, State]:
    """An outcome, and one in which an undetermined atom has the other value and little else is different.

    Connected parts are independent of each other, so the two can be the same in all but one.
    """
    first = next(asked.solution.outcomes(repaired=True))
    if atom in asked.solution.free:
        return first, (*first[:atom], not first[atom], *first[atom + 1 :])
    network = asked.compiled.network
    part = next(p for p in components(network) if atom in p.atoms)
    piece = fragment(network, part.atoms, network.fixed, part)
    own, here = tuple(first[a] for a in piece.atoms), piece.atoms.index(atom)
    torn = any(atom in p.atoms for p in asked.solution.conflicted)
    other = (_listed if torn else _narrowed)(asked, piece.network, own, here)
    changed = dict(zip(piece.atoms, other, strict=True))
    return first, tuple(changed.get(a, value) for a, value in enumerate(first))


def _narrowed(asked: Asked, network: Network, first: State, atom: int) -> State:
    """An outcome with an atom the other way, keeping to the first one in half of the rest, a quarter, and so on."""
    kept: tuple[int, ...] = (_literal(atom, not first[atom]),)
    best = outcome(network, kept, asked.engine, asked.deadline)
    assert best is not None, "asked of what is undetermined"
    open_ = [[_literal(a, value) for a, value in enumerate(first) if a != atom]]
    for _ in range(TRIES):
        if not open_:
            break
        some = open_.pop()
        found = _liked(asked, network, (*kept, *some))
        if found is not None:
            kept, best = (*kept, *some), found
        elif len(some) > 1:
            open_ += [some[: len(some) // 2], some[len(some) // 2 :]]
    return best


def _listed(asked: Asked, network: Network, first: State, atom: int) -> State:
    """The outcome most like the first one among some of the minimum repairs' that have an atom the other way."""
    other = network.observing([_literal(atom, not first[atom])])
    found = solve(other, asked.engine, asked.deadline).outcomes(repaired=True)
    return min(islice(found, TRIES), key=lambda state: sum(a != b for a, b in zip(first, state, strict=True)))


def _liked(asked: Asked, network: Network, given: Sequence[int]) -> State | None:
    """The same, if it is found without much trouble."""
    try:
        return outcome(network, given, asked.engine, asked.deadline.tiring(CONFLICTS))
    except ResolutionTimeout:
        asked.deadline.check()
        return None


def _literal(atom: int, value: bool) -> int:
    return atom if value else ~atom
