"""The timeline: each moment is what `resolve` says as of it, and its changes are the differences."""

import json
import os
import pickle
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.model.draft import utc
from attendance.model.participants import Attendance
from attendance.model.positions import in_force, replayed
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement, number_statements
from attendance.network import Stance, repaired_outcomes
from attendance.questions.timeline import Timeline, timeline
from tests.cases import Asked, asked
from tests.sizes import shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 300)
SEEDS = sorted((Path(__file__).parent.parent / "seeds").iterdir())
BEFORE = datetime.min.replace(tzinfo=UTC)

SEED = {file.stem: file for file in SEEDS}
every_seed = pytest.mark.parametrize("seed", SEEDS, ids=[*SEED])
examples = shares(EXAMPLES)


# --- the definition: the case resolved as of each moment --------------------------------------------


def said_at(case: at.Case, scenario: Scenario) -> dict[datetime | None, list[Statement]]:
    """What was said at each moment, oldest first; at None what is undated, and what the scenario adds."""
    until = None if scenario.as_of is None else utc(case.until(scenario.as_of))
    found: dict[datetime | None, list[Statement]] = {}
    for s in case.statements:
        moment = case.moment(s)
        known = s.source is None or (
            s.source not in scenario.disbelieve and (scenario.believe is None or s.source in scenario.believe)
        )
        if known and s.id not in scenario.withdraw and (until is None or moment is None or utc(moment) <= until):
            found.setdefault(None if moment is None else utc(moment), []).append(s)
    added = number_statements(scenario.add, before=case.statements)
    if added:
        found.setdefault(None, []).extend(added)
    return dict(sorted(found.items(), key=lambda item: (item[0] is not None, item[0] or BEFORE)))


def silent(case: at.Case, scenario: Scenario) -> dict[Attendance, at.Verdict]:
    """The verdicts of the case in which nobody has said anything, by listing every state."""
    compiled = compile_case(case, scenario)
    states = repaired_outcomes(compiled.network.varied(stances=(Stance(),) * len(compiled.attendances)))
    kinds = {(True,): at.Verdict.ATTENDS, (False,): at.Verdict.ABSENT, (False, True): at.Verdict.UNDETERMINED}
    return {a: kinds[tuple(sorted({s[i] for s in states}))] for i, a in enumerate(compiled.attendances)}


def without_as_of(keywords: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in keywords.items() if k != "as_of"}


def check(put: Asked, found: Timeline) -> None:
    """Every entry is what the definition says."""
    case = put.case
    scenario = put.scenario if put.keywords else Scenario()
    moments = said_at(case, scenario)
    assert [*moments] == [e.moment for e in found]
    now, stood = silent(case, scenario), None
    for (moment, statements), entry in zip(moments.items(), found, strict=True):
        keywords = {**without_as_of(put.keywords), "as_of": moment or BEFORE}
        expected = at.resolve(case, **keywords)
        assert statements == list(entry.statements)
        assert expected == entry.resolution
        turned = [(a, now[a], v) for a, v in expected.verdicts.items() if v != now[a]]
        assert turned == [(c.attendance, c.before, c.after) for c in entry.changes]
        for change in entry.changes:
            assert at.why(case, change.attendance, **keywords) == change.why
        held = {g: r.held for g, r in expected.gatherings.items()}
        if stood is not None:
            assert [(g, stood[g], h) for g, h in held.items() if h != stood[g]] == list(entry.gatherings)
        now, stood = dict(expected.verdicts), held


# --- against the definition -------------------------------------------------------------------------


@examples(1)
@given(asked())
def test_each_moment_is_what_resolve_says_as_of_it(put: Asked) -> None:
    try:
        at.resolve(put.case, **put.keywords)
    except at.ImpossibleScenario:
        with pytest.raises(at.ImpossibleScenario):
            timeline(put.case, **put.keywords)
        return
    check(put, timeline(put.case, **put.keywords))


SAYS = (
    "attends",
    "declines",
    "might attend only if {a}",
    "attends only if {a}",
    "attends if {a} or {b}",
    "attends unless {a}",
    "attends only if at least 2 of everyone",
    "attends if and only if not {b}",
    "declines if {a} and rain",
    "sends {a}",
    "waits for {b}",
)
DAYS = (None, date(2025, 5, 12), date(2025, 5, 13), datetime(2025, 5, 13, 9), date(2025, 5, 14), date(2025, 5, 15))
SCENARIOS: tuple[dict[str, Any], ...] = (
    {},
    {"founded": True},
    {"reading": "literal"},
    {"assume": {"ann": True}},
    {"assume": {"rain": True}, "given": ["bob or cem"]},
    {"given": ["ann", "exactly 2 of everyone"]},
    {"believe": ["radio"]},
    {"as_of": "2025-05-13"},
    {"add": [{"who": "ann", "says": "attends only if bob", "said": "2025-05-14"}, "bob attends only if ann"]},
    {"add": [{"who": "cem", "says": "declines", "said": "2025-05-11", "supersedes": ["s0"]}], "withdraw": ["s1"]},
)


@st.composite
def conversations(draw: st.DrawFn) -> Asked:
    """Three people who change their minds again and again, by several speakers and sources."""
    people = ("ann", "bob", "cem")
    made = []
    for number in range(draw(st.integers(2, 8))):
        who, a, b = draw(st.permutations(people))
        made.append(
            Statement(
                id=f"s{number}",
                who=who,
                says=draw(st.sampled_from(SAYS)).format(a=a, b=b),
                said=draw(st.sampled_from(DAYS)),
                source=draw(st.sampled_from((None, "radio", "paper"))) if number else "radio",
                by=draw(st.sampled_from((None, None, None, "office"))),
                also=draw(st.sampled_from((False, False, True))),
                supersedes=[f"s{draw(st.integers(0, number - 1))}"] if number and draw(st.integers(0, 5)) == 5 else (),
            )
        )
    case = at.Case(
        timezone=draw(st.sampled_from(("UTC", "America/New_York"))),
        participants=people,
        facts={"rain": "unknown"},
        rules=[{"id": "seats", "rule": "at most 2 of everyone"}] if draw(st.booleans()) else (),
        statements=made,
    )
    keywords = draw(st.sampled_from(SCENARIOS))
    return Asked(case, keywords, Scenario(**keywords))


@examples(0.8)
@given(conversations())
def test_minds_that_change_again_and_again(put: Asked) -> None:
    check(put, timeline(put.case, **put.keywords))


@examples(1)
@given(st.one_of(asked(), conversations()))
def test_what_is_replayed_is_what_is_in_force_as_of_each_moment(put: Asked) -> None:
    scenario = put.scenario if put.keywords else Scenario()
    found = list(replayed(put.case, scenario))
    assert [(m, tuple(s)) for m, s in said_at(put.case, scenario).items()] == [(m, said) for m, said, _ in found]
    for moment, _, held in found:
        assert in_force(put.case, scenario.with_parts(Scenario(as_of=moment or BEFORE))) == held
    if found:
        assert in_force(put.case, scenario) == found[-1][2]


@examples(0.1)
@given(conversations(), st.sampled_from(["enumeration", "tables", "clingo"]))
def test_every_engine_tells_the_same(put: Asked, engine: str) -> None:
    assert timeline(put.case, **put.keywords) == timeline(put.case, engine=engine, **put.keywords)


# --- the seeds ----------------------------------------------------------------------------------------


@every_seed
def test_the_seeds_moment_by_moment(seed: Path) -> None:
    case = at.load(seed)
    moments = said_at(case, Scenario())
    found = timeline(case)
    assert [*moments] == [e.moment for e in found]
    now = dict(at.resolve(case, withdraw=[str(s.id) for s in case.statements]).verdicts)
    for moment, entry in zip(moments, found, strict=True):
        now.update((c.attendance, c.after) for c in entry.changes)
        expected = at.resolve(case, as_of=moment or BEFORE)
        assert expected == entry.resolution
        assert dict(expected.verdicts) == now
    assert dict(at.resolve(case).verdicts) == now


def test_istanbul() -> None:
    case = at.load(SEED["istanbul-2025"])
    assert """\
2025-05-11: zelensky attends
  zelensky at talks: undetermined -> attends
2025-05-12: trump might attend if putin
2025-05-14: zelensky attends only if putin; zelensky waits for russia; putin declines; medinsky attends; \
trump declines; rubio attends
  putin at talks: undetermined -> absent
  zelensky at talks: attends -> absent
  trump at talks: undetermined -> absent
  medinsky at talks: undetermined -> attends
  rubio at talks: undetermined -> attends
  talks: undetermined -> not held
2025-05-15: zelensky at ankara attends; erdogan at ankara attends
  zelensky at ankara: undetermined -> attends
  erdogan at ankara: undetermined -> attends
  ankara: undetermined -> held""" == str(timeline(case))
    supposed = timeline(case, scenario="putin-comes")
    assert ["zelensky at talks: undetermined -> attends"] == [str(c) for c in supposed[0].changes]
    assert {"attends"} == {e.resolution["putin"] for e in supposed}


def test_kyoto_is_held_from_the_day_on_which_russia_ratified() -> None:
    found = timeline(at.load(SEED["kyoto-1997"]))
    held = {e.when[:10]: str(e.resolution.gatherings["protocol"].held) for e in found}
    assert {"undetermined"} == {h for day, h in held.items() if day < "2004-11-18"}
    assert {"held"} == {h for day, h in held.items() if day >= "2004-11-18"}
    assert "2004-11-18" in held
    russia = next(e for e in found if e.when.startswith("2004-11-18"))
    assert ["russia at protocol: undetermined -> attends"] == list(map(str, russia.changes))
    assert [("2004-11-18", (("protocol", "undetermined", "held"),))] == [
        (e.when[:10], e.gatherings) for e in found if e.gatherings
    ]


# --- one by one ----------------------------------------------------------------------------------------


def talk(*statements: Any, **more: Any) -> at.Case:
    return at.Case(**{"participants": ["ann", "bob", "cem"], "statements": statements, **more})


def said(who: str, says: str, moment: str | None = None, **more: Any) -> dict[str, Any]:
    return {"who": who, "says": says, "said": moment, **more}


def turns(found: Timeline) -> list[tuple[str, list[str]]]:
    return [(e.when, [f"{c.attendance.participant}: {c.before} -> {c.after}" for c in e.changes]) for e in found]


def test_what_is_undated_comes_first_and_is_compared_with_silence() -> None:
    case = talk(said("ann", "attends only if bob", "2025-05-12"), said("bob", "declines"))
    expected = [
        ("undated", ["bob: undetermined -> absent"]),
        ("2025-05-12", ["ann: undetermined -> absent"]),
    ]
    assert expected == turns(timeline(case))


def test_a_moment_at_which_nothing_changes_has_an_entry() -> None:
    case = talk(said("ann", "waits for bob", "2025-05-12"), said("bob", "might attend", "2025-05-13"))
    assert [("2025-05-12", []), ("2025-05-13", [])] == turns(timeline(case))


def test_moments_are_told_by_the_clocks_of_the_case() -> None:
    case = talk(
        said("ann", "attends", "2025-11-02T05:30Z"),
        said("ann", "declines", "2025-11-02T06:30Z"),
        timezone="America/New_York",
    )
    found = timeline(case)
    assert ["2025-11-02 01:30", "2025-11-02 01:30"] == [e.when for e in found]
    assert ["attends", "absent"] == [e.resolution["ann"] for e in found]


def test_the_last_hours_of_the_calendar() -> None:
    case = talk(said("ann", "attends", "9999-12-31T23:30Z"), timezone="Asia/Tokyo")
    found = timeline(case)
    assert [("9999-12-31 23:30", ["ann: undetermined -> attends"])] == turns(found)
    assert "attends" == found[0].resolution["ann"]


def test_what_is_said_at_one_instant_in_two_zones_is_one_moment() -> None:
    case = talk(said("ann", "attends", "2025-05-14"), said("bob", "attends", "2025-05-13T21:00Z"))
    assert 1 == len(timeline(case.model_copy(update={"timezone": "Europe/Istanbul"})))
    assert 2 == len(timeline(case))


def test_what_a_scenario_adds_stands_from_the_first_whatever_its_date() -> None:
    case = talk(said("ann", "attends", "2025-05-12"), said("ann", "declines", "2025-05-16"))
    added = [at.Statement(who="ann", says="declines", said="2025-05-14")]
    expected = [
        ("undated or added", ["ann: undetermined -> absent"]),
        ("2025-05-12", []),
        ("2025-05-16", []),
    ]
    found = timeline(case, add=added)
    assert expected == turns(found)
    assert "absent" == at.resolve(case, add=added, as_of="2025-05-12")["ann"]
    assert ("ann.3",) == tuple(s.id for s in found[0].statements)


def test_as_of_ends_the_replay() -> None:
    case = talk(said("ann", "attends", "2025-05-12T09:00"), said("ann", "declines", "2025-05-12T10:00"))
    assert 1 == len(timeline(case, as_of="2025-05-12T09:30"))
    assert 2 == len(timeline(case, as_of="2025-05-12"))
    assert 0 == len(timeline(case, as_of="2025-05-11"))


def test_nothing_said() -> None:
    found = timeline(talk())
    assert (0, "nothing was said", {"entries": []}) == (len(found), str(found), found.to_dict())


def test_a_word_that_is_ended_by_name_stays_ended() -> None:
    case = talk(
        said("ann", "declines", "2025-05-12", id="a"),
        said("bob", "attends only if ann", "2025-05-13", id="b"),
        said("ann", "attends", "2025-05-11", id="c", supersedes=["a"], by="office"),
    )
    assert [("2025-05-11", ["ann"]), ("2025-05-12", []), ("2025-05-13", ["bob"])] == [
        (when, [c.split(":")[0] for c in changes]) for when, changes in turns(timeline(case))
    ]


def test_a_contradiction_begins_and_ends() -> None:
    case = talk(
        said("ann", "attends", "2025-05-12"),
        said("ann", "declines", "2025-05-13", by="office"),
        said("ann", "attends", "2025-05-14", by="office"),
    )
    found = timeline(case)
    assert [True, False, True] == [e.resolution.consistent for e in found]
    assert "undetermined" == found[1].changes[0].after
    assert "These cannot all stand" in found[1].changes[0].why.text()


# --- the answer -----------------------------------------------------------------------------------------


def test_reasons_at_once_or_when_they_are_asked_for() -> None:
    case = at.load(SEED["istanbul-2025"])
    later, at_once = timeline(case), timeline(case, reasons=True)
    assert later == at_once
    assert [c.why for e in later for c in e.changes] == [c.reason for e in at_once for c in e.changes]
    assert {None} == {c.reason for e in later for c in e.changes}
    certificates = [c.why.certificate for e in at_once for c in e.changes]
    assert all(c is not None and at.verify(c) for c in certificates)


def test_to_dict() -> None:
    found = timeline(at.load(SEED["istanbul-2025"]))
    told = found.to_dict()
    assert told == json.loads(json.dumps(told))
    assert ["2025-05-11T00:00:00+03:00", "2025-05-12T00:00:00+03:00"] == [e["moment"] for e in told["entries"]][:2]
    assert [["z0"], ["t1"], ["z", "zw", "list", "m", "t2", "r"], ["az", "ae"]] == [
        e["statements"] for e in told["entries"]
    ]
    first = told["entries"][0]["changes"][0]
    why = first.pop("why")
    expected = {"participant": "zelensky", "gathering": "talks", "from": "undetermined", "to": "attends"}
    assert expected == first
    assert found[0].changes[0].why.to_dict() == why
    assert None is timeline(talk("ann attends")).to_dict()["entries"][0]["moment"]


def test_it_is_a_value() -> None:
    found = timeline(at.load(SEED["istanbul-2025"]))
    reason = found[2].changes[1].why
    again = pickle.loads(pickle.dumps(found))
    assert found == again
    assert hash(found) == hash(again)
    assert reason == again[2].changes[1].why
    assert found[2].resolution == again[2].resolution
    assert found[3].changes[0].why == again[3].changes[0].why
    assert found.entries[1:] == found[1:]
    with pytest.raises(AttributeError):
        found.entries = ()  # type: ignore[misc]


def test_bad_input_is_refused() -> None:
    case = talk("ann attends")
    with pytest.raises(at.QuestionError, match="expected a case"):
        timeline("case")  # type: ignore[arg-type]
    with pytest.raises(at.UnknownName, match="unknown scenario 'x'"):
        timeline(case, scenario="x")
    with pytest.raises(at.QuestionError, match="unknown part of a scenario: asof"):
        timeline(case, asof="2025-05-12")  # type: ignore[call-arg]
    with pytest.raises(at.EngineMissing, match="unknown engine 'x'"):
        timeline(case, engine="x")
    with pytest.raises(at.ImpossibleScenario, match="given: ann; assumed: ann = no"):
        timeline(case, assume={"ann": False}, given="ann")


def changing(days: int) -> at.Case:
    """Two hundred people, one of whom changes their mind each day, and with them all the others."""
    people = [f"p{i}" for i in range(200)]
    follow = [f"{b} attends only if {a}" for a, b in pairwise(people)]
    moods = [
        said("p0", ("attends", "declines")[day % 2], f"2025-01-01T{day // 60:02}:{day % 60:02}") for day in range(days)
    ]
    return at.Case(participants=people, statements=[*follow, *moods])


def test_the_time_limit_is_kept() -> None:
    case = changing(1000)
    for reasons in (False, True):
        began = monotonic()
        with pytest.raises(at.ResolutionTimeout, match=r"no answer within 0\.3 s") as late:
            timeline(case, reasons=reasons, time_limit=0.3)
        assert monotonic() - began < 20
        assert isinstance(pickle.loads(pickle.dumps(late.value)), at.ResolutionTimeout)
    short = changing(4)
    with pytest.raises(at.ResolutionTimeout):
        timeline(short, reasons=True, time_limit=0.2)
    assert [0, 200, 200, 200, 200] == [len(e.changes) for e in timeline(short, time_limit=60)]
