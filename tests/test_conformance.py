"""Random whole cases: what the library answers is what the contract says, read off the page by plain listing.

Set ATTENDANCE_EXAMPLES to try another number of cases than 2,000 in all.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, product
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given

import attendance as at
from attendance.questions.resolve import Resolution
from tests.cases import Asked, asked
from tests.reference import Reference, State
from tests.sizes import shares

THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if THOROUGH else 2_000))
examples = shares(EXAMPLES)


def differences(case: at.Case, reference: Reference, engine: str, keywords: dict[str, Any]) -> list[str]:
    """What the library says otherwise than the reference."""
    if not reference.repairs:
        number = at.count(case, engine=engine, **keywords)  # there are just none, which is an answer
        listed = list(at.outcomes(case, engine=engine, **keywords))
        verdicts = answers(at.resolve, case, engine, keywords)
        return ["there is an answer to what is impossible"] * (verdicts or number != 0 or listed != [])
    resolution = at.resolve(case, engine=engine, **keywords)
    checks = [
        *of_outcomes(case, reference, engine, keywords),
        *of_verdicts(resolution, reference),
        *of_conflicts(resolution, reference),
    ]
    return [f"{what}: the library has {ours}, the contract {theirs}" for what, ours, theirs in checks if ours != theirs]


def answers(question: Any, case: at.Case, engine: str, keywords: dict[str, Any]) -> bool:
    try:
        question(case, engine=engine, **keywords)
    except at.ImpossibleScenario:
        return False
    return True


Check = tuple[str, Any, Any]


def of_outcomes(case: at.Case, reference: Reference, engine: str, keywords: dict[str, Any]) -> Iterator[Check]:
    expected = set(reference.outcomes())
    listed = {
        order: list(at.outcomes(case, order=order, engine=engine, **keywords)) for order in (None, "fewest", "most")
    }
    for order, outcomes in listed.items():
        states = [state(o) for o in outcomes]
        yield f"outcomes in order {order}", set(states), expected
        yield f"outcomes twice in order {order}", len(states), len(expected)
    sizes = sorted(len([a for a in s if not isinstance(a, str)]) for s in expected)
    yield "fewest first", [attending(o) for o in listed["fewest"]], sizes
    yield "most first", [attending(o) for o in listed["most"]], sizes[::-1]
    yield "count", at.count(case, engine=engine, **keywords), len(expected)


def state(outcome: at.Outcome) -> State:
    return frozenset(a for part in (outcome.attendances, outcome.facts) for a, true in part.items() if true)


def attending(outcome: at.Outcome) -> int:
    return sum(outcome.attendances.values())


def of_verdicts(resolution: Resolution, reference: Reference) -> Iterator[Check]:
    verdicts = {x: reference.verdict(x) for x in reference.attendances}
    yield "verdicts", {x: str(v) for x, v in resolution.verdicts.items()}, verdicts
    undetermined = {x for x, verdict in verdicts.items() if verdict == "undetermined"}
    yield "who has a cause", set(resolution.causes), undetermined
    for x in undetermined & set(resolution.causes):
        told, causes = resolution.causes[x], {reference.cause(x, written) for written in (True, False)}
        yield f"cause of {x}", {str(told.cause)} | causes, causes
        if told.cause in ("fact", "depends"):
            hung_on, written = (reference.names_in_bounds(x, written) for written in (False, True))
            yield f"names in the bounds of {x}", hung_on <= set(told.on) <= written, True
    words = {"attends": True, "absent": False, "undetermined": None}
    yield "facts", dict(resolution.facts), {f: words[reference.verdict(f)] for f in reference.facts}
    for name, result in resolution.gatherings.items():
        yield f"{name} held", str(result.held), reference.gathering(name)
        yield f"turnout of {name}", tuple(result.turnout), reference.turnout(name)


def of_conflicts(resolution: Resolution, reference: Reference) -> Iterator[Check]:
    consistent = bool(reference.outcomes())
    yield "consistent", resolution.consistent, consistent
    clashes = set() if consistent else set(reference.clashes)
    conflicts = resolution.conflicts
    yield "all clashes found", [c.complete for c in conflicts], [True] * len(conflicts)
    yield "clashes", sorted(sorted(clash) for c in conflicts for clash in c.clashes), sorted(map(sorted, clashes))
    for conflict in conflicts:
        clashing = {name for clash in conflict.clashes for name in clash}
        positions = reference.positions.items()
        about = {x.participant for x, halves in positions if any(h.statement.id in clashing for h in halves)}
        yield "participants of a conflict", set(conflict.participants), about
        yield "a conflict is of one part", clashing <= reference.part(min(clashing), written=True), True
        elsewhere = {name for c in conflicts if c is not conflict for clash in c.clashes for name in clash}
        yield "a part has one conflict", elsewhere & reference.part(min(clashing), written=False), set()
    repairs = sorted(map(sorted, reference.repairs))
    yield "repairs of the whole", sorted(map(sorted, resolution.repairs)), repairs
    of_parts = product(*(c.repairs for c in conflicts))
    yield "one repair of each part", sorted(sorted(chain(*chosen)) for chosen in of_parts), repairs


def check(asked: Asked, engine: str) -> None:
    reference = Reference(asked.case, asked.scenario)
    found = differences(asked.case, reference, engine, asked.keywords)
    assert not found


PEOPLE = "participants: {ann: {of: north, weights: {co2: 0.1}}, bob: {of: north}, cem: {weights: {co2: 0.2}}, dai: }"
RARE = {
    "who lost a statement joins at once": """
        statements: [ann attends only if bob, bob attends only if ann, ann attends only if cem, cem attends]
        rules: [ann]
        scenarios: {asked: {founded: yes}}
        """,
    "undated inclinations are the oldest": """
        statements:
        - {who: ann, says: attends only if bob, said: 2025-05-01, inclination: inclined}
        - {who: ann, says: attends only if cem, inclination: disinclined}
        - bob attends
        - cem attends
        """,
    "of one moment, the last inclination": """
        statements:
        - {who: ann, says: attends only if bob, said: 2025-05-01, inclination: disinclined}
        - {who: ann, says: attends only if bob, said: 2025-05-01T00:00, inclination: inclined}
        - bob attends
        """,
    "groups in groups": """
        groups: {south: {members: [east]}, east: {members: [north, dai]}}
        rules: [south is represented, at most 1 of south]
        statements: ["cem attends if exactly 1 of (south, ann)"]
        """,
    "a delegate assumed": """
        statements: ["ann sends bob, cem", bob declines]
        scenarios: {asked: {assume: {cem: no}}}
        """,
    "a sender assumed": """
        statements: ["ann sends bob, cem if dai", bob declines, dai attends]
        scenarios: {asked: {assume: {ann: no}}}
        """,
    "others are other people, at another gathering too": """
        gatherings: {talks: , dinner: }
        statements: [ann attends only if at least 2 of others at dinner, ann at dinner attends,
          bob at dinner attends, cem at dinner declines]
        """,
    "a delegate counts the others of the sender": """
        statements: [ann sends bob if all of others]
        rules: [cem, dai]
        """,
    "shares of nobody": """
        gatherings: {talks: {invited: []}, dinner: }
        statements: [ann at dinner attends if at least 0% of everyone at talks,
          bob at dinner attends if at most 5% of everyone at talks,
          cem at dinner attends if a majority of everyone at talks or none of everyone at talks]
        """,
    "a list is a set": """
        statements: ["ann attends if and only if exactly 1 of (bob, north, bob at meeting, bob)",
          bob attends, "dai attends if at least 2 of ((bob or cem), (bob or cem), dai)"]
        """,
    "a condition in a list counts beside whoever decides it": """
        gatherings: {talks: {held_if: dai}}
        statements: ["ann attends if and only if exactly 2 of (dai, talks is held)", dai attends]
        """,
    "decimals are exact": """
        statements: [ann attends, cem attends, "dai attends if co2 of (ann, cem) exactly 0.3",
          "bob attends if co2 of everyone at least 100%"]
        """,
}


@pytest.mark.parametrize("text", RARE.values(), ids=RARE)
def test_what_is_rarely_drawn(text: str) -> None:
    case = at.loads(f"{PEOPLE}\n{dedent(text)}")
    keywords = {"scenario": "asked"} if case.scenarios else {}
    for engine in ("auto", "tables", "enumeration", "clingo"):
        check(Asked(case, keywords, case.scenario(keywords.get("scenario"))), engine)


@examples(0.7)
@given(asked())
def test_the_library_answers_as_the_contract_says(asked: Asked) -> None:
    check(asked, "auto")


@pytest.mark.parametrize("engine", ["tables", "enumeration", "clingo"])
@examples(0.08)
@given(asked())
def test_every_engine_answers_so(engine: str, asked: Asked) -> None:
    check(asked, engine)


@examples(0.06)
@given(asked())
def test_propagation_answers_so_or_says_that_it_cannot(asked: Asked) -> None:
    with suppress(at.EngineUnsuitable):
        check(asked, "propagation")
