"""Certificates of verdicts: what is shown for a value that is certain, for one that is not, and of a conflict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from attendance.certificate import Certificate, Met, Refuted, Theory
from attendance.engines import outcome
from attendance.engines.evaluation import is_outcome
from attendance.model.participants import Attendance
from attendance.network import Network, State
from attendance.questions.asking import Asked
from attendance.questions.grounds import Grounds
from attendance.questions.proof import refutation
from attendance.questions.resolve import Conflict, Resolution

CLASHES = 20
"""The most clashes that a certificate refutes."""


@dataclass(frozen=True)
class Parted:
    """A question's network in which nothing clashes but what touches one atom.

    `conflict` is what touches it, if anything does; what the repairs of other conflicts set aside is
    gone. `known` is an outcome of it, or of one of its minimum repairs.
    """

    asked: Asked
    network: Network
    atom: int
    conflict: Conflict | None
    known: State

    @classmethod
    def of(cls, asked: Asked, resolved: Resolution, about: Attendance) -> "Parted":
        """What there is to be said about an attendance of a question already answered."""
        atom = asked.compiled.index[about]
        own, elsewhere = None, set[str]()
        for part, conflict in zip(asked.solution.conflicted, resolved.conflicts, strict=True):
            if atom in part.atoms:
                own = conflict
            else:
                elsewhere.update(name for ids in conflict.repairs for name in ids)
        known = next(asked.solution.outcomes(repaired=True))
        return cls(asked, asked.unfolded.network.without(elsewhere), atom, own, known)

    @cached_property
    def calm(self) -> Network:
        """The network without anything that a minimum repair sets aside."""
        return self.network.without(name for ids in self.repairs for name in ids)

    @property
    def repairs(self) -> Sequence[tuple[str, ...]]:
        """The minimum repairs; where nothing clashes the one that sets nothing aside."""
        return ((),) if self.conflict is None else self.conflict.repairs

    def outcome(self, theory: Theory) -> State | None:
        """An outcome of a theory, if there is one."""
        return outcome(theory.of(self.network), (), self.asked.engine, self.asked.deadline)


def certified(parted: Parted, found: Grounds | None) -> Certificate | None:
    """The certificate of a value that is certain, by its grounds, or repair by repair where there are none.

    None where the refutation would take too many case splits.
    """
    network, atom, deadline = parted.network, parted.atom, parted.asked.deadline
    value = parted.known[atom]
    whole = Theory.whole(network, ~atom if value else atom)
    theories = [replace(whole, ids=whole.ids - set(ids)) for ids in parted.repairs]
    mended = [(t, parted.outcome(replace(t, supposed=()))) for t in theories] if parted.conflict else []
    shown = [refutation(network, t, deadline) for t in (theories if found is None else [found.theory])]
    return _certificate(
        parted,
        value=value,
        grounds=found,
        mended=[Met(replace(t, supposed=()), s) for t, s in mended if s is not None]
        or [_met(parted, (), parted.known)],
        refuted=shown,
    )


def uncertain(parted: Parted, witnesses: Sequence[State]) -> Certificate | None:
    """The certificate of a value that is not certain, by two outcomes that differ in it."""
    ids = [next(ids for ids in parted.repairs if is_outcome(parted.network.without(ids), s)) for s in witnesses]
    met = [_met(parted, i, s) for i, s in zip(ids, witnesses, strict=True)]
    return _certificate(parted, value=None, grounds=None, mended=met, refuted=())


def _met(parted: Parted, ids: Sequence[str], state: State) -> Met:
    whole = Theory.whole(parted.network)
    return Met(replace(whole, ids=whole.ids - set(ids)), state)


def _certificate(
    parted: Parted,
    *,
    value: bool | None,
    grounds: Grounds | None,
    mended: Sequence[Met],
    refuted: Sequence[Refuted | None],
) -> Certificate | None:
    """All of it put together, with what clashes; None where something could not be refuted."""
    clashes = [*_clashes(parted)]
    needed = () if grounds is None else grounds.needed
    by_theory = {m.theory: m for m in (*needed, *(m for _, met in clashes for m in met))}
    told = [r for r in refuted if r is not None]
    cut = [clash for clash, _ in clashes if clash is not None]
    if len(told) < len(refuted) or len(cut) < len(clashes):
        return None
    return Certificate(
        network=parted.network,
        atom=parted.atom,
        value=value,
        ids=frozenset() if grounds is None else grounds.theory.ids,
        mended=tuple(mended),
        refuted=tuple(told),
        clashes=tuple(cut),
        needed=tuple(by_theory.values()),
    )


def _clashes(parted: Parted) -> Iterator[tuple[Refuted | None, list[Met]]]:
    """Each minimal clash with its refutation, and an outcome for each of its members once it is left out."""
    whole = Theory.whole(parted.network)
    for ids in parted.conflict.clashes[:CLASHES] if parted.conflict is not None else ():
        theory = replace(whole, ids=frozenset(ids))
        fewer = [theory.without(("ids", i)) for i in ids]
        met = [Met(t, state) for t in fewer if (state := parted.outcome(t)) is not None]
        yield refutation(parted.network, theory, parted.asked.deadline), met
