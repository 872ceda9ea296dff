"""Each form of a condition, in each place where it can stand, in every state of the others: as the plain program reads it."""

import pytest

import attendance as at
from tests.reference import Reference

FORMS = """
at least 2 of (ann, bob, cem)
at least 2 of everyone
at least 1 of others
at least 2 of others
at most 1 of others
exactly 1 of (others, ann)
at least 50% of everyone
at least 50% of others
at most 50% of (ann, bob)
exactly 100% of others
at least 1 of (others, bob)
at least 1 of (bob, bob, bob)
at least 1 of ((bob or cem), (bob and cem))
at most 0 of (ann, not bob)
exactly 2 of (north, rain, bob)
at least 2 of (north, cem)
a majority of everyone
a majority of others
a majority of (ann, bob)
a majority of north
all of everyone
all of others
all of (ann, cem)
all of north
any of others
any of (ann, bob)
any of north
none of others
none of (ann, bob)
none of north
co2 of everyone at least 0.5
co2 of others at least 0.5
co2 of (ann, bob) at least 0.3
co2 of (ann, bob) exactly 0.3
co2 of others at most 0.3
co2 of everyone at least 60%
co2 of others at least 60%
co2 of others at most 40%
co2 of (others, cem, cem) exactly 0.4
co2 of north at least 0.1
seats of everyone at least 3
seats of (bob, cem) at least 50%
seats of (dai, ann) at most 0
ann
not ann and bob
ann at dinner
bob at dinner
not bob at dinner or cem
north is represented
north at dinner is represented
north
talks is held
dinner is held
dinner
tea is held
rain and not bob
at least 1 of everyone at dinner
at least 1 of others at dinner
all of (bob at dinner, cem)
any of (bob, cem) at dinner
at least 2 of (everyone at dinner, bob)
co2 of everyone at dinner at least 0.2
co2 of others at dinner at least 50%
a majority of everyone at dinner
at least 2 of (ann at dinner, ann, bob)
at most 0% of (not ann)
""".strip().splitlines()
PLACES = {
    "ann": {"who": "ann", "says": "attends if and only if {}"},
    "ann at dinner": {"who": "ann", "at": "dinner", "says": "attends if and only if {}"},
    "ann only if": {"who": "ann", "says": "attends only if {}"},
    "dai sends ann": {"who": "dai", "says": "sends ann if {}"},
}


def case(form: str, place: str) -> at.Case:
    """Bob and cem come as unknown facts have it, so that every state of them is there."""
    said = PLACES[place]
    return at.Case(
        participants=[
            {"id": "ann", "of": "north", "weights": {"co2": "0.1"}},
            {"id": "bob", "of": "north", "weights": {"co2": "0.2", "seats": 2}},
            {"id": "cem", "weights": {"co2": "0.4", "seats": 1}},
            "dai",
        ],
        gatherings=["talks", {"id": "dinner", "invited": ["ann", "bob"]}, {"id": "tea", "held_if": "at least 2 of everyone at talks"}],
        facts=["f", "g", "h", "rain"],
        statements=[
            "bob attends if and only if f",
            "cem attends if and only if g",
            "bob at dinner attends if and only if h",
            "dai declines if g" if place != "dai sends ann" else "cem declines if not g",
            {**said, "says": said["says"].format(form)},
        ],
    )  # fmt: skip


def states(of: at.Case, **asked: object) -> set[frozenset[object]]:
    return {
        frozenset(a for part in (o.attendances, o.facts) for a, true in part.items() if true)
        for o in at.outcomes(of, **asked)  # type: ignore[arg-type]
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_a_condition_in_a_statement(form: str, place: str) -> None:
    made = case(form, place)
    assert set(Reference(made).outcomes()) == states(made)


@pytest.mark.parametrize("form", [form for form in FORMS if "others" not in form])
def test_a_condition_that_is_given_and_in_a_rule(form: str) -> None:
    made = case("rain", "ann")
    ruled = made.model_copy(update={"rules": (at.Rule(id="r", rule=form),)})
    ruled = at.loads(at.dumps(ruled))
    there = at.loads(at.dumps(ruled).replace("  rule: ", "  at: dinner\n  rule: "))
    for each in (ruled, there):
        reference = Reference(each)
        if reference.outcomes():
            assert set(reference.outcomes()) == states(each)
        else:
            assert not at.resolve(each).consistent
    seen = made.scenario(None).model_copy(update={"given": (at.condition(form),)})
    reference = Reference(made, seen)
    if reference.repairs:
        assert set(reference.outcomes()) == states(made, given=[form])
    else:
        with pytest.raises(at.ImpossibleScenario):
            at.resolve(made, given=[form])
