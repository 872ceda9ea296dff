"""What differs between two scenarios: the verdicts, their causes, the gatherings, and why."""

import json
import pickle
from pathlib import Path

import pytest

import attendance as at

SEED = Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml"


@pytest.fixture(scope="module")
def istanbul() -> at.Case:
    return at.load(SEED)


def changed(found: at.Comparison) -> dict[str, str]:
    return {str(change.attendance): str(change) for change in found.changes}


def test_by_name(istanbul: at.Case) -> None:
    found = at.compare(istanbul, "", "putin-comes")
    expected = {"putin at talks": "absent -> attends", "zelensky at talks": "absent -> attends"}
    assert expected == changed(found)
    assert ("", "putin-comes") == (found.before.scenario, found.after.scenario)
    assert [("talks", "not held, 2 attend", "held, 4 attend")] == [(g, str(a), str(b)) for g, a, b in found.gatherings]
    assert [at.why(istanbul, w, scenario="putin-comes") for w in ("putin", "zelensky")] == [
        c.why for c in found.changes
    ]


@pytest.mark.parametrize("nothing", ["", None, at.Scenario()])
def test_the_case_as_it_stands(istanbul: at.Case, nothing: at.Scenario | str | None) -> None:
    assert at.compare(istanbul, "", "no-list") == at.compare(istanbul, nothing, "no-list")
    assert at.resolve(istanbul) == at.compare(istanbul, nothing, nothing).before


def test_by_object(istanbul: at.Case) -> None:
    by_name = at.compare(istanbul, "", "putin-comes")
    by_object = at.compare(istanbul, None, at.Scenario(assume={"putin": True}))
    assert (by_name.changes, by_name.gatherings) == (by_object.changes, by_object.gatherings)
    assert "" == by_object.after.scenario


def test_parts_are_added_to_both(istanbul: at.Case) -> None:
    found = at.compare(istanbul, "", "putin-comes", as_of="2025-05-13")
    assert at.resolve(istanbul, as_of="2025-05-13") == found.before
    assert at.resolve(istanbul, scenario="putin-on-13-may").verdicts == found.after.verdicts
    expected = {"putin at talks": "undetermined (unstated) -> attends"}
    assert expected == changed(found)


def test_parts_win_over_both(istanbul: at.Case) -> None:
    found = at.compare(istanbul, "putin-comes", "", assume={"putin": False}, engine="enumeration", time_limit=60)
    assert () == found.changes
    assert "nothing differs" == str(found)


def test_nothing_differs_from_itself(istanbul: at.Case) -> None:
    for name in ("", *(s.id for s in istanbul.scenarios)):
        found = at.compare(istanbul, name, name)
        assert ((), ()) == (found.changes, found.gatherings)


def test_causes_differ_too(istanbul: at.Case) -> None:
    found = at.compare(istanbul, "mutual-loop", "no-list")
    expected = {
        "putin at talks": "undetermined (coordination) -> undetermined (unstated)",
        "trump at talks": "undetermined (coordination) -> absent",
    }
    assert expected == changed(found)
    assert ["coordination", "coordination"] == [str(c.cause_before) for c in found.changes]
    assert ["unstated", "None"] == [str(c.cause_after) for c in found.changes]


def test_what_a_cause_hangs_on_is_told_where_only_that_differs() -> None:
    case = at.case("a attends if b or c\nb attends if f\nc attends if f", facts=["f"])
    found = at.compare(case, at.Scenario(assume={"b": False}), at.Scenario(assume={"c": False}))
    expected = "undetermined (depends: c at meeting) -> undetermined (depends: b at meeting)"
    assert expected == changed(found)["a at meeting"]


def test_who_is_counted_in_one_of_them_only(istanbul: at.Case) -> None:
    guest = at.Scenario(add=["trump at ankara declines"])
    there, back = at.compare(istanbul, "", guest), at.compare(istanbul, guest, "")
    assert {"trump at ankara": "not counted -> absent"} == changed(there)
    assert {"trump at ankara": "absent -> not counted"} == changed(back)
    assert [None] == [change.why for change in back.changes]
    assert [None] == [change.to_dict()["to"] for change in back.changes]


def test_to_dict(istanbul: at.Case) -> None:
    found = at.compare(istanbul, "", "putin-comes").to_dict()
    assert found == json.loads(json.dumps(found))
    why = found["changes"][0].pop("why")
    expected = {
        "participant": "putin",
        "gathering": "talks",
        "from": "absent",
        "to": "attends",
        "cause_from": None,
        "cause_to": None,
    }
    assert expected == found["changes"][0]
    assert "Vladimir Putin attends.\n1. Vladimir Putin attends: so it is assumed." == why["text"]
    assert ["before", "after", "changes", "gatherings"] == list(found)
    assert ("", "putin-comes") == (found["before"], found["after"])
    held = {"from": {"held": "not held", "turnout": [2, 2]}, "to": {"held": "held", "turnout": [4, 4]}}
    assert [{"gathering": "talks", **held}] == found["gatherings"]


def test_in_words(istanbul: at.Case) -> None:
    expected = """\
putin at talks: absent -> attends
zelensky at talks: absent -> attends
talks: not held, 2 attend -> held, 4 attend"""
    assert expected == str(at.compare(istanbul, "", "putin-comes"))


def test_it_is_a_value(istanbul: at.Case) -> None:
    found = at.compare(istanbul, "", "mutual-loop")
    assert found == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(at.compare(istanbul, "", "mutual-loop"))
    with pytest.raises(AttributeError):
        found.before = found.after  # type: ignore[misc]


def test_unknown_scenarios_are_refused(istanbul: at.Case) -> None:
    for pair in (("", "putin-come"), ("putin-come", "")):
        with pytest.raises(at.UnknownName, match="unknown scenario 'putin-come'\n    did you mean putin-comes"):
            at.compare(istanbul, *pair)


def test_a_crowd_that_changes_its_mind_is_compared_in_a_moment() -> None:
    case = at.case("boss attends\n" + "\n".join(f"p{i} attends if boss" for i in range(60)))
    found = at.compare(case, None, at.Scenario(assume={"boss": False}))
    assert 61 == len(found.changes)
    assert ("meeting", "held, 61 attend", "not held, nobody attends") == tuple(map(str, found.gatherings[0]))
