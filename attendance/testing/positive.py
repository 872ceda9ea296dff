"""Laws of positive cases, in which everybody's coming can only bring others: promises, and no threats."""

from collections.abc import Callable, Iterable
from typing import Any

from attendance.errors import QuestionError
from attendance.model import conditions as c
from attendance.model.case import Case
from attendance.model.outcome import Outcome, Verdict
from attendance.model.participants import Attendance
from attendance.model.positions import in_force, positions
from attendance.model.sayings import Attends, Link, Reading, Sends
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement
from attendance.questions.outcomes import outcomes
from attendance.questions.resolve import Resolution, resolve
from attendance.testing.composing import with_parts

__tracebackhide__ = True  # pytest shows the test that failed, and not how it was found


def why_not_positive(case: Case) -> str | None:
    """What keeps a case from being positive; None if nothing does.

    It is positive if it has no rules, what is said holds no negation, and nobody is bound both ways: to
    come, and not to come unless. `attends if and only if` alone is fine.
    """
    if case.rules:
        return f"it has a rule: {case.rules[0].rule}"
    said = in_force(case, Scenario())
    for statement in said:
        if isinstance(statement.says, Sends):
            return f"whoever sends another stays away: {statement.text}"
        if statement.inclination is not None:
            return f"it has an inclination of its own: {statement.text}"
    for gathering in case.gatherings:
        if gathering.held_if is not None and not _is_positive(gathering.held_if, +1):
            return f"there is a negation in: {gathering.held_if}"
    for about, position in positions(case, said, Reading.CONVERSATIONAL).items():
        lowers = [x.lower for x in position.contributions if x.lower is not None]
        uppers = [x.upper for x in position.contributions if x.upper is not None]
        for bound in (*lowers, *uppers):
            if not _is_positive(bound, +1):
                return f"there is a negation in what is said of {about}: {bound}"
        if lowers and uppers and (len(lowers) > 1 or lowers != uppers):
            return f"{about} is bound both ways"
    return None


def between_founded_and_greatest(case: Case, *, outcomes: Callable[..., Any] = outcomes) -> None:
    """The least outcome is founded and within every outcome, and the greatest holds every one.

    Holds for positive cases, for each way in which unknown facts can fall. Raises QuestionError for others.
    """
    _refuse_others(case)
    every, founded = _by_facts(outcomes(case)), _by_facts(outcomes(case, founded=True))
    for facts, found in every.items():
        least, greatest = frozenset.intersection(*found), frozenset[Attendance]().union(*found)
        for what, wanted, among in (
            ("those who attend in every outcome are no founded one", least, founded.get(facts, set())),
            ("those who attend in any outcome are none", greatest, found),
        ):
            if wanted not in among:
                raise AssertionError(f"{what}: {_names(wanted)}; there are {'; '.join(map(_names, among)) or 'none'}")
        if stranger := founded.get(facts, set()) - found:
            raise AssertionError(f"this is founded, and no outcome: {_names(stranger.pop())}")


def further_attends_if_loses_nobody(
    case: Case, *, further: Iterable[Statement] = (), resolve: Callable[..., Resolution] = resolve
) -> None:
    """Somebody says once more `attends if ...`: all who attended still do.

    Holds for positive cases, where who says it is not bound from above and the condition is positive.
    Tried with everybody and each other name, unless told what is said further. Raises QuestionError for others.
    """
    _refuse_others(case)
    before = {a for a, v in resolve(case).verdicts.items() if v is Verdict.ATTENDS}
    bounds = positions(case, in_force(case, Scenario()), Reading.CONVERSATIONAL)
    bound = {a for a, p in bounds.items() if any(x.upper is not None for x in p.contributions)}
    for more in further or _promises(case):
        if Attendance(more.who, more.at or case.roster.main) in bound:
            continue
        said = more.model_copy(update={"id": "further"})
        after = resolve(with_parts(case, statements=(*case.statements, said))).verdicts
        lost = [str(a) for a in before if after.get(a) is not Verdict.ATTENDS]
        if lost:
            raise AssertionError(f"after “{said.text}”, there is no more: {', '.join(sorted(lost))}")


def _promises(case: Case) -> Iterable[Statement]:
    """Of everybody, that they come if another does."""
    main = case.roster.main
    for who in case.counted[main]:
        for other in case.counted[main]:
            if who != other:
                yield Statement(who=who, says=Attends(Link.IF, c.Name(other)))


def _refuse_others(case: Case) -> None:
    reason = why_not_positive(case)
    if reason is not None:
        raise QuestionError(f"this law is one of positive cases: {reason}")


def _is_positive(member: c.Member, sign: int) -> bool:
    """Whether more people can only help (or only hinder, with the other sign)."""
    match member:
        case c.Not(of):
            return _is_positive(of, -sign)
        case c.And(of) | c.Or(of):
            return all(_is_positive(part, sign) for part in of)
        case c.Tally(relation="exactly"):
            return False
        case c.Tally(relation=relation, of=of):
            return all(_is_positive(i, -sign if relation == "at most" else sign) for i in of.items)
        case c.Quantifier(quantity=quantity, of=of):
            return all(_is_positive(i, -sign if quantity == "none" else sign) for i in of.items)
        case c.Constant():
            return True
        case _:
            return sign > 0


def _by_facts(found: Iterable[Outcome]) -> dict[frozenset[str], set[frozenset[Attendance]]]:
    """Who attends in each outcome, by the facts that hold in it."""
    by: dict[frozenset[str], set[frozenset[Attendance]]] = {}
    for outcome in found:
        facts = frozenset(f for f, true in outcome.facts.items() if true)
        by.setdefault(facts, set()).add(frozenset(a for a, there in outcome.attendances.items() if there))
    return by


def _names(attending: Iterable[Attendance]) -> str:
    return ", ".join(sorted(map(str, attending))) or "nobody"
