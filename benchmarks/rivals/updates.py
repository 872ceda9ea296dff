"""A network as update functions in text, for tools that look for fixed points of Boolean networks."""

from collections.abc import Sequence
from itertools import combinations
from math import comb

from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, node_of
from rivals import NotFitError

LONGEST = 200
"""The most members that a count may come to when it is written out."""


def updates(network: Network) -> list[str]:
    """The function of each atom, whose fixed points are the outcomes; `x7` is atom 7, and constants are 0 and 1."""
    if network.founded or network.rules or network.given:
        raise NotFitError("rules, what is observed and foundedness are no update functions")
    text = [f"x{atom}" for atom in range(network.atoms)]
    read = _read_gates(network)
    for node, gate in enumerate(network.gates, network.atoms):
        text.append(_gate(network, gate, text) if node in read else "")
    functions = []
    for atom, value in enumerate(network.fixed):
        if value is not None:
            functions.append("1" if value else "0")
        elif atom >= network.attendances:
            functions.append(f"x{atom}")
        else:
            functions.append(_stance(atom, network.stances[atom], text))
    return functions


def _read_gates(network: Network) -> set[int]:
    """The gates that somebody's bounds hang on."""
    read = {node_of(q) for x, s in enumerate(network.stances) if network.fixed[x] is None for q in _bounds(s)}
    for node in range(network.atoms + len(network.gates) - 1, network.atoms - 1, -1):
        if node in read:
            read.update(map(node_of, network.sums[network.gates[node - network.atoms].sum].literals))
    return read


def _bounds(stance: Stance) -> tuple[int, ...]:
    return (*stance.lowers, *stance.uppers)


def _read(literal: int, text: Sequence[str]) -> str:
    return text[literal] if literal >= 0 else f"!{text[node_of(literal)]}"


def _gate(network: Network, gate: Gate, text: Sequence[str]) -> str:
    """A count written out: any of the ways in which it comes about."""
    of = network.sums[gate.sum]
    others = [(q, w) for q, w in zip(of.literals, of.weights, strict=True) if w and gate.taken not in (q, ~q)]
    if len({w for _, w in others}) > 1:
        raise NotFitError("sums of different weights would have to be written out")
    quota = gate.quota - sum(w for q, w in zip(of.literals, of.weights, strict=True) if q == gate.taken)
    need = -(-quota // others[0][1]) if others else quota
    if need <= 0 or need > len(others):
        return "1" if need <= 0 else "0"
    if comb(len(others), need) * need > LONGEST:
        raise NotFitError(f"a count of {len(others)} would have to be written out")
    return _any([_all([_read(q, text) for q, _ in some]) for some in combinations(others, need)])


def _stance(x: int, stance: Stance, text: Sequence[str]) -> str:
    """What somebody would do; whoever is both bound to come and to stay away would always do the other thing."""
    lower = _any([_read(q, text) for q in stance.lowers])
    upper = _all([_read(q, text) for q in stance.uppers])
    match stance.inclination:
        case Inclination.INCLINED:
            wanted = upper
        case Inclination.DISINCLINED:
            wanted = lower
        case Inclination.OPEN:
            wanted = f"({lower} | (x{x} & {upper}))"
    if not stance.lowers or not stance.uppers:
        return wanted
    torn = f"({lower} & !{upper})"
    return f"(({torn} & !x{x}) | (!{torn} & {wanted}))"


def _any(parts: Sequence[str]) -> str:
    return f"({' | '.join(parts)})" if parts else "0"


def _all(parts: Sequence[str]) -> str:
    return f"({' & '.join(parts)})" if parts else "1"
