"""Addresses, outcomes, scenarios and conditions as values: what they take, how they print, and where their limits are."""

import copy
import pickle
from typing import Any

import pytest

import attendance as at
from attendance.model.conditions import Condition
from attendance.model.nesting import misfit
from attendance.model.scenario import Scenario

TALKS = ["talks", "dinner"]


def address(value: Any) -> str | None:
    return at.Participant(id="ann", address=value).address


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" ann@example.org ", "mailto:ann@example.org"),
        ("mailto:ann@example.org", "mailto:ann@example.org"),
        ("sip:ann@example.org", "sip:ann@example.org"),
        ("urn:uuid:1", "urn:uuid:1"),
        (None, None),
    ],
)
def test_an_address_is_kept_as_a_uri(given: str | None, kept: str | None) -> None:
    assert kept == address(given)


@pytest.mark.parametrize("given", ["ann", "ann @example.org", "", 5, "x" * 3000 + "@example.org"])
def test_what_is_no_address_is_refused(given: Any) -> None:
    with pytest.raises(at.CaseError) as caught:
        address(given)
    assert str(caught.value).startswith("address: expected an address like anna@example.org, not ")
    assert str(caught.value).endswith(f"not {given!r}" if given != "x" * 3000 + "@example.org" else "...")


@pytest.mark.parametrize("given", [5, "w", [1], [("w", 1, 2)], {"w"}])
def test_weights_are_names_with_numbers(given: Any) -> None:
    with pytest.raises(at.CaseError, match=r"expected names with numbers, as in \{seats: 1\}, not "):
        at.Participant(id="ann", weights=given)
    assert (("w", 2),) == at.Participant(id="ann", weights=[("w", 1), ("w", 2)]).weights


def outcomes(**keys: Any) -> list[at.Outcome]:
    return list(at.outcomes(at.Case(**{"participants": ["ann", "bob"], **keys})))


def test_an_outcome_says_who_attends() -> None:
    (outcome,) = outcomes(statements=["ann attends", "bob declines"], facts={"f": True, "g": False})
    assert "ann; f; not g" == str(outcome)
    assert "{Attendance(participant='ann', gathering='meeting'): True, " in repr(outcome.attendances)
    (nobody,) = outcomes(statements=["ann declines", "bob declines"])
    assert "nobody" == str(nobody)
    (there,) = outcomes(gatherings=TALKS, statements=["ann at dinner attends", "bob at dinner attends", "bob declines"])
    assert "talks: nobody; dinner: ann, bob" == str(there)
    assert {"attending": {"talks": [], "dinner": ["ann", "bob"]}, "facts": {}} == there.to_dict()
    assert 2 == len({hash(outcome.attendances), hash(nobody.attendances)})


def test_whom_a_key_of_an_outcome_means() -> None:
    said = ["ann at dinner attends", "ann declines", "bob at dinner attends"]
    (outcome,) = outcomes(gatherings=TALKS, statements=said, facts={"f": True})
    assert [False, True, True, True, True, True] == [
        outcome[key] for key in ("ann", ("ann", "dinner"), "ann at dinner", "bob", at.Attendance("bob", "dinner"), "f")
    ]
    for key, name, told in (
        (5, "5", "expected a name, or a name and a gathering, not 5"),
        (("ann", 5), "('ann', 5)", "expected a name, or a name and a gathering, not ('ann', 5)"),
        (("bob", "talks"), "bob", "bob at talks is not counted\n    bob is counted at dinner"),
        ("bop", "bop", "unknown participant 'bop'\n    did you mean bob?"),
    ):
        with pytest.raises(at.UnknownName) as caught:
            outcome[key]  # type: ignore[index]
        assert (told, name) == (str(caught.value), caught.value.name)
    (three,) = outcomes(
        gatherings=["talks", "dinner", "tea"], statements=["ann at dinner attends", "ann at tea attends", "bob attends"]
    )
    with pytest.raises(at.UnknownName, match="'ann' is counted at several gatherings") as caught:
        three["ann"]
    assert ("ann", "name one of dinner, tea too") == (caught.value.name, caught.value.hint)


def test_parts_of_a_call_are_added_to_a_scenario() -> None:
    first = Scenario(
        id="s", name="The first", note="of two", assume={"ann": True, "bob": True}, given=["ann"], withdraw=["x"],
        believe=["press", "radio"], disbelieve=["rumour", "friend"], as_of="2025-05-01", reading="literal", founded=True,
    )  # fmt: skip
    assert first == first.with_parts(Scenario())
    more = Scenario(
        id="t", name="The second", assume={"bob": False}, given=["bob"], withdraw=["y", "x"], believe=["friend"],
        disbelieve=["radio"], as_of="2025-05-02", reading="conversational", founded=False,
    )  # fmt: skip
    assert Scenario(
        id="s", name="The first", note="of two", assume={"ann": True, "bob": False}, given=["ann", "bob"],
        withdraw=["x", "y"], believe=["press", "friend"], disbelieve=["rumour", "radio"], as_of="2025-05-02",
        reading="conversational", founded=False,
    ) == first.with_parts(more)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (5, "assume: expected names with yes or no, not 5"),
        ("ann", "assume: expected names with yes or no, not 'ann'"),
        ([5], "assume: expected a name with yes or no, not 5"),
        ([("ann",)], "assume: expected a name with yes or no, not ('ann',)"),
        ([["ann", True]], "assume: expected a name with yes or no, not ['ann', True]"),
        ({5: True}, "assume.5: expected a name, or a name at a gathering, not 5"),
    ],
)
def test_what_cannot_be_assumed(given: Any, told: str) -> None:
    with pytest.raises(at.CaseError) as caught:
        Scenario(assume=given)
    assert told == str(caught.value)


def test_whom_an_assumption_is_about() -> None:
    keys = [at.attends("ann"), at.attends("a b", "dinner"), at.Attendance("a b", "dinner"), "cem"]
    assert [("ann", True), ('"a b" at dinner', False), ("cem", True)] == list(
        Scenario(assume=list(zip(keys, [True, False, False, True], strict=True))).assume
    )


# --- how deep a condition may be --------------------------------------------------------------------


def nots(depth: int) -> Condition:
    tree: Condition = at.attends("a")
    for _ in range(depth):
        tree = at.condition("not x").__class__(tree)
    return tree


def lists(depth: int, within: Any) -> Condition:
    tree: Condition = at.attends("a")
    for _ in range(depth):
        tree = within(tree)
    return tree


DEEP = "conditions can be nested 100 deep at most"
LISTS = {
    "a list": (lambda tree: at.any_of("b", tree), 100),
    "a list of one": (lambda tree: at.any_of(tree), 101),
    "and in a list": (lambda tree: at.any_of("b", tree & "c"), 50),
    "or in and": (lambda tree: (tree | "b") & "c", 100),
}


def test_a_hundred_negations_are_taken() -> None:
    assert (None, DEEP) == (misfit(nots(100)), misfit(nots(101)))
    assert misfit(at.any_of(nots(50), nots(100))) is None


@pytest.mark.parametrize(("within", "most"), LISTS.values(), ids=LISTS)
def test_a_hundred_brackets_are_taken(within: Any, most: int) -> None:
    deepest = next(depth for depth in range(1, 110) if misfit(lists(depth, within)))
    tree = lists(deepest - 1, within)
    assert tree == at.condition(str(tree)) == pickle.loads(pickle.dumps(tree)) == copy.deepcopy(tree)
    with pytest.raises(at.InputError, match=DEEP):
        str(lists(deepest, within))
    assert most == deepest - 1


def test_every_kind_of_condition_can_be_packed() -> None:
    text = (
        "not (a and b) or at least 2 of (a, b at g) at h or w of (a, others) at most 5% or a majority of (a, b) at g "
        "or g is held or g at h is represented or always or never"
    )
    tree = at.condition(text)
    assert text == str(pickle.loads(pickle.dumps(tree)))
    assert 2 == len({hash(tree), hash(at.condition(f"not ({text})"))})
