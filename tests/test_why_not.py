"""What keeps somebody away, and scenarios that do bring them: each is tried."""

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

import attendance as at
from attendance.questions.why_not import RANKS
from tests.cases import Asked, asked

SEED = Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml"
THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if THOROUGH else 60))
many = settings(
    max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)


@many
@given(asked())
def test_every_scenario_that_is_told_brings_them(question: Asked) -> None:
    try:
        resolution = at.resolve(question.case, **question.keywords)
    except at.ImpossibleScenario:
        return
    for about, verdict in resolution.verdicts.items():
        found = at.why_not(question.case, about, **question.keywords)
        note(found.text())
        if verdict is at.Verdict.ATTENDS:
            assert found.statements == at.why(question.case, about, **question.keywords).statements
            assert () == found.nearest
            continue
        sure = []
        for change in found.nearest:
            assert not (change.assume and change.withdraw)
            then = at.resolve(question.case, scenario=question.scenario.with_parts(change))[about]
            assert at.Verdict.ABSENT is not then
            assert not change.withdraw or then is not verdict, "they may come already"
            for one in change.withdraw if len(change.withdraw) > 1 else ():
                fewer = at.Scenario(withdraw=tuple(i for i in change.withdraw if i != one))
                less = at.resolve(question.case, scenario=question.scenario.with_parts(fewer))[about]
                assert RANKS.index(less) < RANKS.index(then), "each is needed"
            sure.append(then is at.Verdict.ATTENDS)
        assert sorted(sure, reverse=True) == sure, "those that are sure come first"
        assert found.statements == at.why(question.case, about, **question.keywords).statements


@many
@given(asked())
def test_no_smaller_assumption_brings_them_for_sure(question: Asked) -> None:
    try:
        resolution = at.resolve(question.case, **question.keywords)
    except at.ImpossibleScenario:
        return
    if not resolution.consistent:
        return
    for about, verdict in resolution.verdicts.items():
        if verdict is at.Verdict.ATTENDS:
            continue
        found = at.why_not(question.case, about, **question.keywords)
        told = [s for s in found.nearest if s.assume]
        if any(len(s.assume) == 1 for s in told):
            continue
        for other in resolution.verdicts:
            for value in (True, False):
                changed = question.scenario.with_parts(at.Scenario(assume={other: value}))
                if other == about or str(other) in dict(question.scenario.assume):
                    continue
                alone = brought(question.case, changed, about)
                assert alone is None or question.scenario.with_parts(changed) == question.scenario, (other, value)


def brought(case: at.Case, scenario: at.Scenario, about: at.Attendance) -> bool | None:
    """True if the scenario brings them for sure, without a conflict; else None."""
    try:
        found = at.resolve(case, scenario=scenario)
    except (at.ImpossibleScenario, at.CaseError):
        return None
    return True if found.consistent and found[about] is at.Verdict.ATTENDS else None


def test_istanbul() -> None:
    found = at.why_not(at.load(SEED), "zelensky")
    assert (
        "Volodymyr Zelensky is absent.\n"
        "1. Vladimir Putin is absent: “putin declines” (14 May 2025, Kremlin statement).\n"
        "2. Volodymyr Zelensky is absent: “zelensky attends only if putin” (14 May 2025, video address), "
        "and Vladimir Putin is absent.\n"
        "Volodymyr Zelensky attends if Vladimir Putin attends.\n"
        "Volodymyr Zelensky attends without “zelensky attends only if putin” (z, 14 May 2025, video address).\n"
        "Volodymyr Zelensky may attend without “putin declines” (list, 14 May 2025, Kremlin statement)."
    ) == found.text()
    assert [{"putin": True}, {}, {}] == [dict(s.assume) for s in found.nearest]
    assert [(), ("z",), ("list",)] == [s.withdraw for s in found.nearest]
    assert pickle.loads(pickle.dumps(found)) == found
    assert [{"assume": {"putin": True}, "withdraw": []}] == found.to_dict()["nearest"][:1]


def test_an_older_statement_that_stands_again_is_looked_at_too() -> None:
    found = at.why_not(at.load(SEED), "trump")
    assert {("t2", "list"), ("t2", "t1")} == {s.withdraw for s in found.nearest}


def test_nothing_would_bring_them() -> None:
    found = at.why_not(at.case("b attends\na attends if b and not b"), "a", assume={"a": False})
    assert () == found.nearest
    assert found.text().endswith("Nothing that could be assumed or withdrawn would bring a.")


def test_whoever_attends_has_the_reasons_for_that() -> None:
    case = at.case("a attends\nb attends if a")
    assert at.why(case, "b").text() + "\nNothing keeps b away." == at.why_not(case, "b").text()
    with pytest.raises(at.UnknownName):
        at.why_not(case, "c")


def test_where_others_clash_what_changes_nothing_is_not_told() -> None:
    case = at.case("a attends\na declines\nc attends only if a or b")
    found = at.why_not(case, "b")
    assert (at.Verdict.UNDETERMINED, ()) == (found.verdict, found.nearest)


def test_where_others_clash_only_what_is_needed_is_withdrawn() -> None:
    case = at.case("b declines if c\nc attends only if b\nc declines")
    found = at.why_not(case, "c")
    assert at.Verdict.ABSENT is found.verdict
    assert [("c.2",)] == [change.withdraw for change in found.nearest]
