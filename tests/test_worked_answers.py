"""The worked answers of the semantics: each row of its last table, which never changes."""

from pathlib import Path

import pytest

import attendance as at

ENGINES = ("auto", "tables", "clingo", "enumeration")
SEED = Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml"

every_engine = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture(scope="module")
def istanbul():
    return at.load(SEED)


def verdicts(resolution):
    """Names to verdicts at the main gathering."""
    return {a.participant: v for a, v in resolution.verdicts.items() if a.gathering == resolution.main}


def causes(resolution):
    """Names to causes at the main gathering."""
    return {a.participant: c.cause for a, c in resolution.causes.items() if a.gathering == resolution.main}


def attending(case, **asked):
    """Who attends in each outcome, the fewest first."""
    return [sorted(outcome.attending) for outcome in at.outcomes(case, order="fewest", **asked)]


# --- the founding case ----------------------------------------------------------------------------


@every_engine
def test_istanbul_on_the_eve(istanbul, engine):
    expected = {
        "putin": "absent",
        "zelensky": "absent",
        "trump": "absent",
        "medinsky": "attends",
        "rubio": "attends",
    }
    assert expected == verdicts(at.resolve(istanbul, engine=engine))


@every_engine
def test_zelensky_is_absent_because_of_putin(istanbul, engine):
    reason = at.why(istanbul, "zelensky", engine=engine)
    assert {"z", "list"} == set(reason.statements)
    assert ["putin", "zelensky"] == [step.about.participant for step in reason.steps]
    assert [["list"], ["z"]] == [[s.id for s in step.because] for step in reason.steps]


@every_engine
@pytest.mark.parametrize(
    ("as_of", "trump", "because"),
    [
        ("2025-05-12", "undetermined", {"trump": "open"}),  # he might
        ("2025-05-13", "undetermined", {"trump": "open"}),
        ("2025-05-14", "absent", {}),  # he had declined
        (None, "absent", {}),
    ],
)
def test_supposing_that_putin_attends(istanbul, engine, as_of, trump, because):
    found = at.resolve(istanbul, assume={"putin": True}, as_of=as_of, engine=engine)
    assert "attends" == found["putin"]
    assert "attends" == found["zelensky"]
    assert trump == found["trump"]
    unstated = {name: cause for name, cause in causes(found).items() if cause != "unstated"}
    assert because == unstated


@every_engine
def test_seeing_zelensky_clashes_with_his_condition_and_the_list(istanbul, engine):
    found = at.resolve(istanbul, given=["zelensky"], engine=engine)
    assert not found.consistent
    assert [{"z", "list"}] == [set(clash) for conflict in found.conflicts for clash in conflict.clashes]
    assert {("z",), ("list",)} == set(found.repairs)
    assert 2 == len(list(found.repairs))
    assert "attends" == found["zelensky"]
    assert "undetermined" == found["putin"]
    assert {"putin": "conflict"} == causes(found)
    assert 0 == at.count(istanbul, given=["zelensky"], engine=engine)


@every_engine
def test_without_the_list_seeing_zelensky_tells_that_putin_is_there(istanbul, engine):
    asked = {"given": ["zelensky"], "withdraw": ["list"], "engine": engine}
    found = at.resolve(istanbul, **asked)
    assert found.consistent
    assert "attends" == found["putin"]
    assert all(outcome["putin"] for outcome in at.outcomes(istanbul, **asked))


# --- circles --------------------------------------------------------------------------------------


@every_engine
def test_each_only_if_the_other(engine):
    case = at.case("a attends only if b\nb attends only if a")
    assert [[], ["a", "b"]] == attending(case, engine=engine)
    assert 2 == at.count(case, engine=engine)
    found = at.resolve(case, engine=engine)
    assert {"a": "undetermined", "b": "undetermined"} == verdicts(found)
    assert {"a": "coordination", "b": "coordination"} == causes(found)


@every_engine
def test_each_only_if_the_other_founded(engine):
    case = at.case("a attends only if b\nb attends only if a")
    assert [[]] == attending(case, founded=True, engine=engine)
    assert {"a": "absent", "b": "absent"} == verdicts(at.resolve(case, founded=True, engine=engine))


@every_engine
def test_an_odd_circle_has_no_outcome(engine):
    case = at.case("a attends only if b\nb declines if a")
    assert [] == attending(case, engine=engine)
    assert 0 == at.count(case, engine=engine)
    found = at.resolve(case, engine=engine)
    assert not found.consistent
    assert {("a.1",), ("b.1",)} == set(found.repairs)
    assert 2 == len(list(found.repairs))
    assert {"a": "undetermined", "b": "undetermined"} == verdicts(found)
    assert {"a": "conflict", "b": "conflict"} == causes(found)


# --- statements that clash, and statements side by side -------------------------------------------


@every_engine
def test_two_sources_that_contradict_each_other(engine):
    case = at.loads(
        """
        statements:
          - {id: one, who: a, says: attends, source: source 1}
          - {id: two, who: a, says: declines, source: source 2}
          - {id: three, who: c, says: attends only if a}
          - {id: four, who: d, says: attends}
        participants: {a: {}, c: {}, d: {}}
        """
    )
    found = at.resolve(case, engine=engine)
    assert [(("one", "two"),)] == [conflict.clashes for conflict in found.conflicts]
    assert {"a": "undetermined", "c": "undetermined", "d": "attends"} == verdicts(found)
    assert {"a": "conflict", "c": "depends"} == causes(found)


@every_engine
def test_a_promise_beside_a_condition_binds_the_silent(engine):
    case = at.case("a attends\na attends only if b")
    assert [["a", "b"]] == attending(case, engine=engine)
    assert {"a": "attends", "b": "attends"} == verdicts(at.resolve(case, engine=engine))


def test_check_warns_of_a_promise_beside_a_condition():
    case = at.case("a attends\na attends only if b")
    assert 1 == len(at.check(case).warnings)
    assert () == at.check(at.case("a attends only if b")).warnings


# --- thresholds -----------------------------------------------------------------------------------


@every_engine
def test_five_who_each_need_three(engine):
    people = ["a", "b", "c", "d", "e"]
    case = at.case("\n".join(f"{name} attends only if at least 3 of everyone" for name in people))
    assert [[], people] == attending(case, engine=engine)


@pytest.mark.parametrize("engine", ["auto", "clingo"])  # a hundred are out of reach of the others
def test_a_hundred_thresholds_without_a_one(engine):
    thresholds = [0, 2, *range(2, 100)]
    case = at.case("\n".join(f"p{i} attends if at least {k} of others" for i, k in enumerate(thresholds)))
    assert 2 == at.count(case, engine=engine)
    assert [1, 100] == [len(names) for names in attending(case, engine=engine)]
    assert [["p0"]] == attending(case, founded=True, engine=engine)
