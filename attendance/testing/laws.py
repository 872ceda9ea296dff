"""Laws: what is so of every case, whatever is in it. Each takes a case, and raises AssertionError with what differs.

`resolve` can be a function of your own that answers as `attendance.resolve` does: then its answers are held to the law.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import unified_diff
from itertools import chain
from typing import Any

from attendance.checker import verify
from attendance.engines import ENGINES
from attendance.errors import EngineError, ImpossibleScenario
from attendance.formats.casefile import SUFFIXES, dumps, loads
from attendance.model.case import Case
from attendance.model.conditions import Condition, Name
from attendance.model.language import parse_condition, parse_saying
from attendance.model.participants import Attendance
from attendance.model.roster import assumed_place
from attendance.model.statements import Statement
from attendance.questions.outcomes import outcomes
from attendance.questions.resolve import Resolution, resolve
from attendance.questions.sweep import sweep
from attendance.questions.timeline import timeline
from attendance.questions.why import why
from attendance.testing.composing import with_parts
from attendance.testing.positive import between_founded_and_greatest, further_attends_if_loses_nobody
from attendance.testing.renaming import Rename, renamed

__tracebackhide__ = True  # pytest shows the test that failed, and not how it was found
Resolve = Callable[..., Resolution]
Answer = Mapping[str, Any]
VARIED = 4
"""So many names are varied in a sweep, where nobody says which."""


def names_do_not_matter(case: Case, *, resolve: Resolve = resolve) -> None:
    """Whoever is called otherwise gets the same verdict. Holds always."""

    def new(name: str) -> str:
        return f"z{name}"

    _same("with other names", answer(resolve(case), new), answer(resolve(renamed(case))))


def order_does_not_matter(case: Case, *, resolve: Resolve = resolve) -> None:
    """Statements about different attendances can come in any order. Holds always.

    Those about one attendance stay in order: of two inclinations of one moment the last in the file counts.
    """
    about: dict[Attendance, list[Statement]] = {}
    for statement in case.statements:
        about.setdefault(Attendance(statement.who, statement.at or case.roster.main), []).append(statement)
    turned = with_parts(case, statements=tuple(chain(*reversed(about.values()))))
    _same("in another order", answer(resolve(case)), answer(resolve(turned)))


def explanations_check(case: Case, *, why: Callable[..., Any] = why, resolve: Resolve = resolve) -> None:
    """Every verdict has an explanation that says the same, and whose certificate the checker accepts. Holds always."""
    for attendance, verdict in resolve(case).verdicts.items():
        told = why(case, attendance)
        if told.verdict != verdict:
            raise AssertionError(f"{attendance}: the verdict is {verdict}, and the explanation is of {told.verdict}")
        if told.certificate is not None and not verify(told.certificate):
            raise AssertionError(f"{attendance}: the checker refuses the certificate of: {told.text()}")


def round_trips(case: Case, *, dumps: Callable[..., str] = dumps, loads: Callable[..., Case] = loads) -> None:
    """A case written as YAML, JSON and TOML, and each condition and statement as text, is read as it was.

    Holds always.
    """
    for format in dict.fromkeys(SUFFIXES.values()):
        found = loads(dumps(case, format=format), format=format)
        if found != case:
            raise AssertionError(f"written as {format} and read again, it is another case:\n{_diff(case, found)}")
    for said in case.statements:
        if parse_saying(str(said.says)) != said.says:
            raise AssertionError(f"read again, this says something else: {said.says}")
    for condition in _conditions(case):
        if parse_condition(str(condition)) != condition:
            raise AssertionError(f"read again, this is another condition: {condition}")


def sweep_equals_resolve(
    case: Case, *, over: Sequence[str] | None = None, resolve: Resolve = resolve, sweep: Callable[..., Any] = sweep
) -> None:
    """Each row of a sweep says what `resolve` says of that scenario. Holds always.

    Over the first unknown facts and attendances, unless told otherwise.
    """
    for row in sweep(case, over=_varied(case) if over is None else over):
        assume = dict(row.assume)
        try:
            one = {str(a): str(v) for a, v in resolve(case, assume=assume).verdicts.items()}
        except ImpossibleScenario:  # as where both are asked with something given
            one = {}
        swept = {str(a): str(v) for a, v in row.verdicts.items()} if row.possible else {}
        _same(f"with {assume}, swept and asked one by one", {"verdicts": swept}, {"verdicts": one})


def assume_then_given(case: Case, *, resolve: Resolve = resolve) -> None:
    """Whoever is supposed to come is seen to come: to give what is assumed changes nothing. Holds always."""
    for key in _varied(case):
        place = _place(case, key)
        for value in (True, False):
            seen: Condition = place if value else ~place
            supposed = answer(resolve(case, assume={key: value}))
            both = answer(resolve(case, assume={key: value}, given=(seen,)))
            _same(f"with {key} assumed {value}, and then given too", supposed, both)


def given_filters_outcomes(case: Case, *, outcomes: Callable[..., Any] = outcomes) -> None:
    """With something given, the outcomes are just those in which it holds. Holds always."""
    whole = list(outcomes(case))
    for key in _varied(case):
        place = _place(case, key)
        left = {str(o.to_dict()) for o in outcomes(case, given=(place,))}
        wanted = {str(o.to_dict()) for o in whole if o[_key(place)]}
        if left != wanted:
            raise AssertionError(f"given {key}, there are {len(left)} outcomes; in {len(wanted)} of all it holds")


def timeline_ends_at_resolve(
    case: Case, *, timeline: Callable[..., Any] = timeline, resolve: Resolve = resolve
) -> None:
    """The last entry of a timeline is the case as it stands. Holds wherever anything was said."""
    if entries := timeline(case):
        _same("at the end of the timeline", answer(resolve(case)), answer(entries[-1].resolution))


def engines_agree(case: Case, *, engines: Sequence[str] = (), resolve: Resolve = resolve) -> None:
    """Every engine that answers says the same as the default one. Holds always.

    Engines that are not installed, or cannot answer for such a case, are passed over.
    """
    usual = answer(resolve(case))
    for engine in engines or [row.name for row in ENGINES]:
        try:
            other = answer(resolve(case, engine=engine))
        except EngineError:
            continue
        _same(f"asked of {engine}", usual, other)


LAWS = (
    names_do_not_matter,
    order_does_not_matter,
    explanations_check,
    round_trips,
    sweep_equals_resolve,
    assume_then_given,
    given_filters_outcomes,
    timeline_ends_at_resolve,
    engines_agree,
)
"""The laws of all cases."""
POSITIVE_LAWS = (between_founded_and_greatest, further_attends_if_loses_nobody)
"""The laws of positive cases."""


def answer(found: Resolution, new: Rename = str) -> Answer:
    """What a resolution says, apart from the order in which it does; with other names."""

    def called(thing: Attendance | str) -> str:
        return new(thing) if isinstance(thing, str) else f"{new(thing.participant)} at {new(thing.gathering)}"

    return {
        "verdicts": {called(a): str(v) for a, v in found.verdicts.items()},
        "causes": {called(a): (str(c.cause), frozenset(map(called, c.on))) for a, c in found.causes.items()},
        "gatherings": {new(g): (str(r.held), r.turnout) for g, r in found.gatherings.items()},
        "facts": {new(f): v for f, v in found.facts.items()},
        "clashes": {frozenset(clash) for conflict in found.conflicts for clash in conflict.clashes},
        "repairs": {frozenset(repair) for conflict in found.conflicts for repair in conflict.repairs},
    }


def _same(when: str, one: Answer, other: Answer) -> None:
    """Raises AssertionError with what differs first."""
    for part in one:
        if one[part] != other[part]:
            raise AssertionError(f"{when}, {part} differ: {'; '.join(_apart(one[part], other[part]))}")


def _diff(one: Case, other: Case) -> str:
    """What differs between two cases, as lines of YAML with those around them."""
    before, after = dumps(one).splitlines(), dumps(other).splitlines()
    lines = list(unified_diff(before, after, lineterm=""))[2:]
    return "\n".join("..." if line.startswith("@@") else line for line in lines)


def _apart(one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict):
        for key in dict.fromkeys((*one, *other)):
            if one.get(key) != other.get(key):
                yield f"{key}: {one.get(key, 'nothing')}, and then {other.get(key, 'nothing')}"
    else:
        yield f"{sorted(map(sorted, one))}, and then {sorted(map(sorted, other))}"


def _varied(case: Case) -> list[str]:
    """A few unknown facts and attendances, by the names that can be assumed."""
    facts = [f.id for f in case.facts if f.value is None]
    main = case.roster.main
    people = [str(Name(p, None if g == main else g)) for g, counted in case.counted.items() for p in counted]
    return [*facts[: VARIED // 2], *people][:VARIED]


def _place(case: Case, key: str) -> Name:
    """The leaf that a key of `_varied` stands for."""
    place = assumed_place(case.roster, key)
    assert place is not None, "made here"
    return place


def _key(place: Name) -> str | tuple[str, str]:
    return place.name if place.at is None else (place.name, place.at)


def _conditions(case: Case) -> Iterator[Condition]:
    """Every condition that a case has outside statements."""
    yield from (r.rule for r in case.rules)
    yield from (g.held_if for g in case.gatherings if g.held_if is not None)
    yield from (c for s in case.scenarios for c in s.given)
