"""Whom to invite: the largest, the heaviest or the cheapest invitation that all guests are content with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Unpack, get_args

from attendance.engines import known_engine
from attendance.engines.inviting import ENGINES
from attendance.errors import EngineUnsuitable, QuestionError, ResolutionTimeout, UnknownName, did_you_mean
from attendance.formats.tables import Table, Tabular
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.outcome import Key
from attendance.model.participants import Attendance
from attendance.model.printing import print_number
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.values import shown
from attendance.network import Stability, State
from attendance.questions.asking import Asked, checked, several
from attendance.questions.asking import goal as goal_of
from attendance.questions.excluded import reasons
from attendance.questions.hosting import Host
from attendance.questions.requirements import cost_of
from attendance.questions.tables import GuestRow

Value = int | Decimal | Fraction
"""How many are invited, what they weigh, or what they cost."""


@dataclass(frozen=True)
class Exclusion:
    """Why somebody is not invited: what admits no invitation with them, or the best one that has them.

    `reasons` cannot all be met with them on the list, and none of them can be left out; `unknown` are the
    unknown facts that these hang on.
    """

    name: str
    invited: bool
    best: "Invitation | None"
    reasons: tuple[str, ...]
    text: str
    unknown: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "name": self.name,
            "invited": self.invited,
            "best": None if self.best is None else self.best.to_dict(),
            "reasons": list(self.reasons),
            "unknown": list(self.unknown),
            "text": self.text,
        }

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Invitation(Tabular[GuestRow]):
    """Whom to invite, in the order of the case; truthy if there is a stable invitation at all.

    `invited` has the names as `assume` takes them, None where there is no invitation; then `reason` says
    why, and `reasons` are what cannot all be met, none of which can be left out. `value` is the number of
    those invited, or what they weigh or cost. `unknown` are unknown facts that the reasons hang on.
    """

    case: str
    scenario: str
    stability: Stability
    measure: str
    invited: tuple[str, ...] | None
    attendances: tuple[Attendance, ...]
    value: Value | None
    reason: str | None
    reasons: tuple[str, ...]
    source: Host = field(repr=False, compare=False)
    unknown: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is one; nobody may be on it."""
        return self.invited is not None

    @property
    def size(self) -> int:
        """How many are invited."""
        return len(self.attendances)

    def why_not(self, name: Key, *, time_limit: float | None = None) -> Exclusion:
        """Why somebody is not on it. Raises UnknownName, EngineError, ResolutionTimeout."""
        return _exclusion(self, name, self.source.asked(time_limit))

    def __bool__(self) -> bool:
        return self.found

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[str]:
        return iter(self.invited or ())

    def __contains__(self, key: object) -> bool:
        return key in (self.invited or ()) or key in self.attendances

    @property
    def table(self) -> Table[GuestRow]:
        """A row for each guest."""
        return Table(GuestRow, tuple(GuestRow(a.gathering, a.participant) for a in self.attendances))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; a weight or a cost as text, exact."""
        exact = None if self.value is None else self.value if isinstance(self.value, int) else exactly(self.value)
        return {
            "case": self.case,
            "scenario": self.scenario,
            "stability": self.stability,
            "invited": None if self.invited is None else list(self.invited),
            "size": self.size,
            "measure": self.measure,
            "value": exact,
            "reason": self.reason,
            "reasons": list(self.reasons),
            "unknown": list(self.unknown),
        }

    def __str__(self) -> str:
        if self.reason is not None:
            return self.reason
        return ", ".join(self) or "nobody"


def invitations(
    case: Case,
    *,
    goal: str | Condition | None = None,
    stability: Stability = "none",
    must: Iterable[Key] | Key = (),
    forbid: Iterable[Key] | Key = (),
    capacity: int | None = None,
    fewest: int | None = None,
    weight: str | None = None,
    costs: Mapping[Key, Any] | None = None,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Invitation:
    """Whom to invite, so that every guest comes: the most people; the heaviest, by a weight; or the cheapest.

    A guest is content if what they demand holds where just those invited come, and if the disinclined have a
    reason to come. By "addition" nobody is left out who would come too, without a choice; by "replacement"
    nobody who would come in the place of a guest. Rules, what is given and the goal hold too, and all of it
    whatever the unknown facts are. `must` and `forbid` are names, `capacity` and `fewest` numbers of
    attendances, at all gatherings together.
    `costs` are numbers from 0 up, and what is not named costs 1. Of equals it is the one with the most
    people, then the one that has the first of the case that they differ in.

    Raises CaseError, LanguageError, UnknownName, QuestionError, EngineError, ResolutionTimeout.
    """
    _sound(checked(case), stability, weight, capacity, fewest)
    if weight is not None and costs is not None:
        raise QuestionError("either the heaviest or the cheapest: give `weight` or `costs`, not both")
    known_engine(engine)
    if engine not in ENGINES:
        raise EngineUnsuitable(engine, f"only {', '.join(ENGINES)} find invitations")
    host = Host(
        case=case,
        scenario=case.scenario(scenario, _given(parts)),
        engine=engine,
        stability=stability,
        goal=None if goal is None else goal_of(case, goal),
        must=tuple(several(must, "must")),
        forbid=tuple(several(forbid, "forbid")),
        capacity=capacity,
        fewest=fewest,
        weight=weight,
        costs=None if costs is None else _costs(costs),
    )
    return _invitation(host, host.asked(time_limit))


def _given(parts: ScenarioParts) -> Scenario | None:
    """The parts of a scenario that a call has. Raises QuestionError."""
    unknown = set(parts) - set(ScenarioParts.__annotations__)
    if unknown:
        raise QuestionError(f"unknown part of a scenario: {', '.join(sorted(unknown))}")
    return Scenario(**{k: v for k, v in parts.items() if v is not None}) if parts else None


def _sound(case: Case, stability: object, weight: object, capacity: object, fewest: object) -> None:
    """Raises QuestionError, UnknownName where one of them is nothing of the kind."""
    kinds = get_args(Stability)
    if stability not in kinds:
        hint = did_you_mean(str(stability), kinds)
        told = f"the stability is {', '.join(map(repr, kinds[:-1]))} or {kinds[-1]!r}, not {shown(stability)}"
        raise QuestionError(told + (f"\n    {hint}" if hint else ""))
    for what, number in (("capacity", capacity), ("fewest", fewest)):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 0):
            raise QuestionError(f"`{what}` is a whole number from 0 up, not {shown(number)}")
    if isinstance(capacity, int) and isinstance(fewest, int) and fewest > capacity:
        raise QuestionError(f"at least {fewest} cannot be invited where there is room for {capacity}")
    known = dict.fromkeys(name for p in case.participants for name, _ in p.weights)
    if weight is not None and not isinstance(weight, str):
        raise QuestionError(f"`weight` is the name of a weight, not {shown(weight)}")
    if weight is not None and weight not in known:
        hint = did_you_mean(weight, known) or (f"the weights are: {', '.join(known)}" if known else None)
        raise UnknownName(f"nobody has a weight {weight!r}", weight, hint)


def _costs(costs: Mapping[Key, Any]) -> tuple[tuple[Key, Fraction], ...]:
    if not isinstance(costs, Mapping):
        raise QuestionError(f"costs are numbers by name, not {shown(costs)}")
    return tuple((key, cost_of(key, cost)) for key, cost in costs.items())


def _invitation(host: Host, asked: Asked) -> Invitation:
    """The best invitation, or why there is none."""
    inviting, wishes = host.inviting(asked)
    best = inviting.best()
    if best is not None:
        return _answer(host, asked, best)
    kind = "invitation" if host.stability == "none" else "stable invitation"
    try:
        told = reasons(asked, inviting, wishes)
    except ResolutionTimeout:  # that there is none is proved all the same
        return replace(_answer(host, asked, None), reason=f"There is no {kind}; there was no time to find out why.")
    return replace(
        _answer(host, asked, None),
        reason=told.sentence(f"There is no {kind}"),
        reasons=told.words,
        unknown=told.unknown,
    )


def _exclusion(found: Invitation, key: Key, asked: Asked) -> Exclusion:
    """Why somebody is not on the invitation that was found."""
    host, attendance = found.source, asked.attendance(key)
    atom = asked.compiled.index[attendance]
    name = asked.key(atom)
    if attendance in found.attendances:
        return Exclusion(name, True, found, (), f"{name} is invited.")
    if found.reason is not None:  # there is none, whoever is on it
        return Exclusion(name, False, None, found.reasons, found.reason, found.unknown)
    if asked.compiled.network.fixed[atom] is False:
        return Exclusion(name, False, None, (), f"{name} is assumed to stay away.")
    inviting, wishes = host.inviting(asked)
    best = replace(inviting, network=inviting.network.observing([atom])).best()
    if best is not None:
        other = _answer(host, asked, best)
        return Exclusion(name, False, other, (), _second(name, found, other))
    told = reasons(asked, inviting, wishes, atom)
    return Exclusion(name, False, None, told.words, told.sentence(f"{name} cannot be invited"), told.unknown)


def _second(name: str, found: Invitation, other: Invitation) -> str:
    """That there is an invitation with somebody, which is no better than the one that was found."""
    measured = {"number": "has", "cost": "costs"}.get(other.measure, f"has {other.measure}")
    if other.value == found.value and other.size == found.size:
        return f"{name} could be invited as well, in another invitation that is as good: {other}."
    told = f"{measured} {exactly(other.value)}, not {exactly(found.value)}"
    return f"The best invitation with {name} on it {told}: {other}."


def exactly(value: Value | None) -> str:
    """A number, a weight or a cost as text: as a decimal where it is one, else as a fraction."""
    match value:
        case Decimal():
            return print_number(value)
        case Fraction() if 10 ** value.denominator.bit_length() % value.denominator == 0:
            return print_number(decimal(value))
        case _:
            return str(value)


def decimal(value: Fraction) -> Decimal:
    """A sum of decimals as an exact decimal, whatever the context rounds to."""
    digits = 0
    while value * 10**digits % 1:
        digits += 1
    return Decimal(f"{int(value * 10**digits)}E-{digits}")


def _answer(host: Host, asked: Asked, state: State | None) -> Invitation:
    """The answer, of a state or of none."""
    atoms = [x for x, there in enumerate(state or ()) if there]
    exact = host.measures(asked)
    sum_ = sum((exact[x] for x in atoms), Fraction(0))
    total: Value = sum_
    if host.costs is None:
        total = len(atoms) if host.weight is None else decimal(sum_)
    return Invitation(
        case=host.case.title,
        scenario=host.scenario.id or "",
        stability=host.stability,
        measure="cost" if host.costs is not None else host.weight or "number",
        invited=None if state is None else tuple(map(asked.key, atoms)),
        attendances=tuple(asked.compiled.attendances[x] for x in atoms),
        value=None if state is None else total,
        reason=None,
        reasons=(),
        source=host,
    )
