"""Verifies certificates by evaluation and unit propagation alone; of the library it knows only the definitions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from attendance.certificate import Certificate, Met, Refuted, Theory
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Stance, is_outcome

Values = Sequence[bool | None]


def verify(certificate: Certificate) -> bool:
    """Whether everything that a certificate claims is so, and is enough for its verdict."""
    c, whole = certificate, Theory.whole(certificate.network)
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


def _minimal(theory: Theory, needed: Iterable[Met]) -> bool:
    """Whether no member can be left out. A clash is told of all that is fixed and given: only its ids count."""
    return {theory.without(m) for m in theory.members if theory.supposed or m[0] == "ids"} <= {m.theory for m in needed}


def is_refuted(network: Network, refuted: Refuted) -> bool:
    """Whether each leaf of the tree is a contradiction, and the tree has no loose end."""
    theory, open_ = refuted.theory.of(network), [set[int]()]
    for literal in refuted.tree:
        if not open_:
            return False
        split = open_.pop()
        if literal is not None:
            open_ += [split | {~literal}, split | {literal}]
        elif propagate(theory, split) is not None:
            return False
    return not open_


def propagate(network: Network, supposed: Iterable[int] = ()) -> list[bool | None] | None:
    """What follows, step by step, for every node; None where it is a contradiction."""
    of: list[bool | None] = [*network.fixed, *[None] * len(network.gates)]
    left, clauses = -1, [[q] for q in (*supposed, *network.given, *(q for _, q in network.rules))]
    for x, stance in enumerate(network.stances):
        clauses += _clauses(x, stance) if network.fixed[x] is None else []
    while left != (left := of.count(None)):
        bounds: dict[int, tuple[int, int]] = {}
        for node, gate in enumerate(network.gates, network.atoms):
            if not all(_put(q, of) for q in _around(network, gate, node, of, bounds)):
                return None
        for clause in clauses:
            open_ = [q for q in clause if _value(q, of) is not False]
            if not open_ or (len(open_) == 1 and not _put(open_[0], of)):
                return None
        if network.founded and not all(_put(~x, of) for x in _unreached(network, of)):
            return None
    return of


def _value(literal: int, of: Values) -> bool | None:
    value = of[literal] if literal >= 0 else of[~literal]
    return value if value is None or literal >= 0 else not value


def _put(literal: int, of: list[bool | None]) -> bool:
    """Take a literal as true; False where it is known to be false."""
    if (known := _value(literal, of)) is None:
        of[literal if literal >= 0 else ~literal] = literal >= 0
    return known is not False


def _clauses(x: int, stance: Stance) -> list[list[int]]:
    """An attendance keeps within its bounds and follows its inclination, as clauses."""
    inclined, disinclined = [[x, *(~q for q in stance.uppers)]], [[~x, *stance.lowers]]
    follows = {Inclination.INCLINED: inclined, Inclination.DISINCLINED: disinclined, Inclination.OPEN: []}
    return [[x, ~q] for q in stance.lowers] + [[~x, q] for q in stance.uppers] + follows[stance.inclination]


def _around(network: Network, gate: Gate, node: int, of: Values, bounds: dict[int, tuple[int, int]]) -> Iterator[int]:
    """What a gate's sum says of the gate, and the gate of each literal in its sum."""
    pairs = list(zip(network.sums[gate.sum].literals, network.sums[gate.sum].weights, strict=True))
    if gate.sum not in bounds:
        low = sum(w for q, w in pairs if _value(q, of))
        bounds[gate.sum] = low, low + sum(w for q, w in pairs if _value(q, of) is None)
    low, high = bounds[gate.sum]
    if gate.taken is not None and of[gate.taken] is not True:
        sure, never = (sum(w for q, w in pairs if q == taken) for taken in (gate.taken, ~gate.taken))
        low, high = low + sure, high - never
        low, high = (low - never, high + sure) if of[gate.taken] is False else (low, high)
    yield from [node] if low >= gate.quota else [~node] if high < gate.quota else []
    for q, w in pairs if of[node] is not None else ():
        decides = high - w < gate.quota if of[node] else low + w >= gate.quota
        if decides and _value(q, of) is None and gate.taken not in (q, ~q):
            yield q if of[node] else ~q


def _unreached(network: Network, of: Values) -> set[int]:
    """Who is not reached from nobody, even where all that is open helps: in a founded outcome they are absent."""
    people, joined = range(network.attendances), set[int]()
    while True:
        can = [((n in joined) if n in people else of[n] is not False, of[n] is not True) for n in range(network.atoms)]
        for gate in network.gates:
            weights, literals = network.sums[gate.sum].weights, network.sums[gate.sum].literals
            sides = [(q >= 0, q < 0) if gate.taken in (q, ~q) else _can(q, can) for q in literals]
            there, away = (sum(w for w, side in zip(weights, sides, strict=True) if side[i]) for i in (0, 1))
            can.append((there >= gate.quota, away > sum(weights) - gate.quota))
        more = {x for x in people if x not in joined and of[x] is not False and _joins(network, x, can)}
        if not more:
            return {*people} - joined
        joined |= more


def _can(literal: int, can: Sequence[tuple[bool, bool]]) -> tuple[bool, bool]:
    return can[literal] if literal >= 0 else can[~literal][::-1]


def _joins(network: Network, x: int, can: Sequence[tuple[bool, bool]]) -> bool:
    stance = network.stances[x]
    willing = stance.inclination is not Inclination.DISINCLINED and all(_can(q, can)[0] for q in stance.uppers)
    moved = stance.lost or willing or any(_can(q, can)[0] for q in stance.lowers)
    return network.fixed[x] is True or (network.fixed[x] is None and moved)
