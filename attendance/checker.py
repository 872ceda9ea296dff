"""Verifies certificates by evaluation and unit propagation alone; of the library it knows only the definitions."""

from collections.abc import Iterable
from dataclasses import replace

from attendance.certificate import Certificate, Met, Refuted, Theory
from attendance.consequences import Consequences
from attendance.errors import QuestionError
from attendance.network import Network, is_outcome


def verify(certificate: Certificate) -> bool:
    """Whether everything that a certificate claims is so, and is enough for its verdict.

    Raises QuestionError for what is no certificate.
    """
    if not isinstance(certificate, Certificate):
        kind = type(certificate).__name__
        raise QuestionError(f"expected a certificate, not {kind}: `at.why(...).certificate`, where there is one")
    try:
        return _well_formed(certificate) and _verified(certificate)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # a part of it is no such part at all
        return False


def _verified(c: Certificate) -> bool:
    whole = Theory.whole(c.network)
    repairs = {whole.ids - m.theory.ids for m in c.mended}
    sound = (
        all(replace(m.theory, ids=whole.ids) == whole for m in c.mended)
        and all(is_outcome(m.theory.of(c.network), m.state) for m in (*c.mended, *c.needed))
        and all(is_refuted(c.network, r) for r in (*c.refuted, *c.clashes))
        and len({len(r) for r in repairs}) == 1
        and bool(c.clashes) == any(repairs)
        and all(r & clash.theory.ids for r in repairs for clash in c.clashes)
        and all(_minimal(clash.theory, c.needed) and not clash.theory.supposed for clash in c.clashes)
    )
    if c.value is None:
        return sound and {m.state[c.atom] for m in c.mended} == {True, False}
    shown = [r for r in c.refuted if r.theory.supposed == (~c.atom if c.value else c.atom,)]
    alone = (shown[0].theory.ids == c.ids and _minimal(shown[0].theory, c.needed)) if len(shown) == 1 else not c.ids
    return sound and alone and all(any(r.theory.within(m.theory) for r in shown) for m in c.mended)


def _well_formed(c: Certificate) -> bool:
    """Whether states have a value for every atom, trees are of literals, and the atom is one."""
    size, nodes = c.network.atoms, c.network.atoms + len(c.network.gates)
    trees, states = [r.tree for r in (*c.refuted, *c.clashes)], [m.state for m in (*c.mended, *c.needed)]
    literals = [q for tree in trees if isinstance(tree, tuple) for q in tree if q is not None]
    theories = [r.theory for r in (*c.refuted, *c.clashes)] + [m.theory for m in (*c.mended, *c.needed)]
    supposed = [q for theory in theories for q in theory.supposed]
    return (
        all(isinstance(tree, tuple) for tree in trees)
        and all(type(q) is int and -nodes <= q < nodes for q in (*literals, *supposed))
        and all(len(state) == size and all(type(v) is bool for v in state) for state in states)
        and type(c.atom) is int
        and 0 <= c.atom < size
        and (c.value is None or type(c.value) is bool)
    )


def _minimal(theory: Theory, needed: Iterable[Met]) -> bool:
    """Whether no member can be left out. A clash is told of all that is fixed and given: only its ids count."""
    return {theory.without(m) for m in theory.members if theory.supposed or m[0] == "ids"} <= {m.theory for m in needed}


def is_refuted(network: Network, refuted: Refuted) -> bool:
    """Whether each leaf of the tree is a contradiction, and the tree has no loose end."""
    consequences, open_ = Consequences(refuted.theory.of(network)), [set[int]()]
    for literal in refuted.tree:
        if not open_:
            return False
        split = open_.pop()
        if literal is not None:
            open_ += [split | {~literal}, split | {literal}]
        elif consequences.of(split) is not None:
            return False
    return not open_
