"""Conditions that can never hold, or always do: each decided by itself, with everybody and every fact free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from attendance.compiler.wiring import Context, Wiring
from attendance.engines import consistent
from attendance.engines.deadline import Deadline
from attendance.engines.evaluation import evaluate
from attendance.errors import ResolutionTimeout
from attendance.gates import FALSE, TRUE, Gates
from attendance.model.case import Case
from attendance.model.conditions import Condition, Constant, Crowd, Name, Represented, Tally, placed_leaves
from attendance.model.participants import Attendance
from attendance.model.roster import condition_of
from attendance.model.statements import Statement
from attendance.model.warnings import conditions
from attendance.network import Network, Stance, holds

SECONDS = 5.0
"""The longest that conditions are looked at; those not decided by then are not warned of."""


@dataclass(frozen=True)
class _Said:
    """A condition where it stands: what it belongs to, in words, and in which context it is read."""

    where: str
    condition: Condition
    context: Context


def lint(case: Case, time_limit: float | None = None) -> Iterator[str]:
    """A warning for every condition that can never hold, or always does, whoever comes.

    Exact: a condition is read as it stands, its speaker taken to be there, and those not counted
    where they are named are free too (that such are never there is warned of elsewhere). What
    cannot be decided in time is passed over.
    """
    said = [s for s in _said(case) if not isinstance(s.condition, Constant)]
    wiring = _wiring(case)
    literals: list[int | None] = []
    for each in said:
        literal = wiring.condition(each.condition, each.context)
        literals.append(literal)
    constant = _constants(wiring, literals, Deadline.after(min(time_limit or SECONDS, SECONDS)))
    for each, known in zip(said, literals, strict=True):
        if known in constant and not _by_size(each.condition, wiring, constant[known]):
            yield _sentence(each, constant[known])


def _sentence(said: _Said, value: bool) -> str:
    text = str(said.condition)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    if value:
        return f"the condition of {said.where} ('{shown}') always holds: leave it out, or correct it"
    return f"the condition of {said.where} ('{shown}') can never hold: say 'never' if that is meant, or correct it"


def _by_size(condition: Condition, wiring: Wiring, value: bool) -> bool:
    """Whether a count never changes only because so few are counted now.

    Twelve seats are no mistake where ten are counted; and that twelve cannot come is warned of anyway.
    """
    match condition:
        case Tally(relation="at most", percent=False, of=selection) if value:
            groups = wiring.roster.tagged
            return any(isinstance(i, Crowd) or (isinstance(i, Name) and i.name in groups) for i in selection.items)
        case Tally() if not value:
            return any(warning.startswith(f"'{condition}' can never be") for warning in wiring.warnings)
        case _:
            return False


# --- where conditions stand -------------------------------------------------------------------------


def _said(case: Case) -> Iterator[_Said]:
    """Every condition of the case, in its context."""
    main = case.roster.main
    for gathering in case.gatherings:
        if gathering.held_if is not None:
            yield _Said(f"held_if of {gathering.id}", gathering.held_if, Context(gathering.id))
    for rule in case.rules:
        yield _Said(f"the rule {rule.id}", rule.rule, Context(rule.at or main))
    for statement in case.statements:
        yield from _spoken(case, statement, f"the statement {statement.id}")
    for scenario in case.scenarios:
        for statement in scenario.add:
            named = statement.id or f"'{statement.text}'"
            yield from _spoken(case, statement, f"the statement {named} in the scenario {scenario.id}")
        for condition in scenario.given:
            yield _Said(f"what is given in the scenario {scenario.id}", condition, Context(main))


def _spoken(case: Case, statement: Statement, where: str) -> Iterator[_Said]:
    condition = condition_of(statement.says)
    if condition is not None:
        own = Attendance(statement.who, statement.at or case.roster.main)
        yield _Said(where, condition, Context(own.gathering, own, own.participant))


def _wiring(case: Case) -> Wiring:
    """Gates in which every attendance is free, and every fact: those of people named but not counted too."""
    named = dict.fromkeys(Attendance(p, g) for g, people in case.counted.items() for p in people)
    for at, name in dict.fromkeys(_named(case)):
        named.update(dict.fromkeys(Attendance(p, at) for p in case.roster.members.get(name, (name,))))
    free = [a for a in named if a.participant in case.roster.participants]
    atoms = len(free) + len(case.facts)
    return Wiring(case.roster, case.counted, free, [None] * atoms, Gates(atoms))


def _named(case: Case) -> Iterator[tuple[str, str]]:
    """The people and groups that conditions name, and where."""
    for condition, at in conditions(case):
        for place, leaf in placed_leaves(condition, at):
            match leaf:
                case Name(name) | Represented(name) if name in case.roster.kinds:
                    yield place or at, name


# --- which of them never change -----------------------------------------------------------------------


def _constants(wiring: Wiring, literals: Sequence[int | None], deadline: Deadline) -> dict[int | None, bool]:
    """The literals that have one value in all states, as far as that is found in time."""
    found: dict[int | None, bool] = {q: q == TRUE for q in literals if q in (TRUE, FALSE)}
    asked = [q for q in dict.fromkeys(literals) if q is not None and q not in found]
    people = len(wiring.atom)
    facts = len(wiring.fixed) - people
    gates = wiring.gates
    network = Network((Stance(),) * people, facts, tuple(gates.sums), tuple(gates.gates), (None,) * (people + facts))
    seen: dict[int, set[bool]] = {q: set() for q in asked}
    for state in _tries(network.atoms):
        of = [value is True for value in evaluate(network, state)]
        for q in asked:
            seen[q].add(holds(q, of))
    for q in asked:
        if len(seen[q]) == 1:
            (value,) = seen[q]
            if not _possible(network, ~q if value else q, deadline):
                found[q] = value
    return found


def _tries(atoms: int) -> Iterator[list[bool]]:
    """A few states that show most conditions to be neither: nobody, all, every other one, and so on."""
    yield [False] * atoms
    yield [True] * atoms
    for run in (1, 2, 4):
        for first in (False, True):
            yield [(atom // run % 2 == 1) != first for atom in range(atoms)]


def _possible(network: Network, literal: int, deadline: Deadline) -> bool:
    """Whether a literal can be true; yes, where that is not found in time."""
    try:
        return consistent(replace(network, given=(literal,)), deadline=deadline)
    except ResolutionTimeout:
        return True
