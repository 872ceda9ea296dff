"""Probabilities: exact against the definition, world by world; samples within their stated bounds."""

import json
import os
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import Compiled, compile_case
from attendance.engines import drawing, frontier, stepping
from attendance.errors import CaseError, ImpossibleScenario, QuestionError, UnknownName
from attendance.model.participants import Attendance
from attendance.model.sayings import Inclination
from attendance.model.scenario import Scenario
from attendance.network import Stance, holds, outcomes, values
from attendance.questions import likelihood
from attendance.questions import worlds as weighing
from tests.cases import Asked, asked
from tests.sizes import shares

examples = shares(int(os.environ.get("ATTENDANCE_EXAMPLES", "150")))
CHANCES = ("0.5", "0.9", "1/3", "0", "1", "0.25")

CIRCLE = """
    a attends if fa or (b and ga)
    b attends if fb or (a and gb)
"""
ODDS = {"fa": "0.5", "fb": "0.5", "ga": "0.51", "gb": "0.56"}


def circle() -> at.Case:
    return at.case(CIRCLE, facts=tuple(ODDS))


# --- the definition ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """One way in which all that is left to chance may fall, how likely it is, and the outcomes in it."""

    weight: Fraction
    outcomes: list[list[bool]]


def worlds(compiled: Compiled, chances: Mapping[Any, Fraction], given: bool) -> Iterator[World]:
    """Every world: chances are of facts and statements (by name), and of attendances."""
    network = compiled.network if given else replace(compiled.network, given=())
    for falls in product((False, True), repeat=len(chances)):
        world = dict(zip(chances, falls, strict=True))
        weight = Fraction(1)
        for key, fell in world.items():
            weight *= chances[key] if fell else 1 - chances[key]
        broken = {name for name, kept in world.items() if not kept and isinstance(name, str)}
        facts = {len(compiled.attendances) + i: world[f] for i, f in enumerate(compiled.facts) if f in world}
        coins = {compiled.index[a]: fell for a, fell in world.items() if isinstance(a, Attendance)}
        stances = tuple(fallen(stance, broken, coins.get(x)) for x, stance in enumerate(network.stances))
        of = replace(network, stances=stances).assuming(facts)
        yield World(weight, [values(of, state) for state in outcomes(of)])


def fallen(stance: Stance, broken: set[str], coin: bool | None) -> Stance:
    """Whoever breaks a statement is open within what is left; whoever is open leans as their coin fell."""
    kept = tuple(part for part in stance.parts if part.statement not in broken)
    left = stance if len(kept) == len(stance.parts) else Stance(kept)
    if coin is None or left.inclination is not Inclination.OPEN:
        return left
    return left._replace(inclination=Inclination.INCLINED if coin else Inclination.DISINCLINED)


def shares_of(found: list[World], literal: int) -> tuple[Fraction, Fraction, Fraction]:
    """What weigh the worlds with an outcome, those of them where a literal always holds, and where it may."""
    sound = [w for w in found if w.outcomes]
    return (
        sum((w.weight for w in sound), Fraction(0)),
        sum((w.weight for w in sound if all(holds(literal, of) for of in w.outcomes)), Fraction(0)),
        sum((w.weight for w in sound if any(holds(literal, of) for of in w.outcomes)), Fraction(0)),
    )


@dataclass(frozen=True)
class Question:
    """What is asked, and what is left to chance by itself."""

    asked: Asked
    goal: at.Condition
    chances: dict[Any, Fraction]

    @property
    def keywords(self) -> dict[str, Any]:
        return {**self.asked.keywords, "probabilities": dict(self.chances)}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    of = draw(asked())
    compiled = compile_case(of.case, of.scenario)
    network = compiled.network
    people = [a for x, a in enumerate(compiled.attendances) if network.fixed[x] is None]
    facts = [f for i, f in enumerate(compiled.facts) if network.fixed[network.attendances + i] is None]
    names = {*of.case.roster.kinds}
    said = [str(s.id) for s in compiled.statements if s.id not in names]
    keys = [*people, *facts, *said]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=5)) if keys else []
    chances = {key: Fraction(draw(st.sampled_from(CHANCES))) for key in chosen}
    person = draw(st.sampled_from([str(p.id) for p in of.case.participants]))
    goal = draw(st.sampled_from((f"{person}", f"not {person}", "at least 2 of everyone", "any of everyone")))
    return Question(of, at.condition(goal), chances)


def only(patched: pytest.MonkeyPatch, planes: int) -> None:
    """All worlds are looked at in planes, or with 0 none."""
    patched.setattr(weighing, "FEW", planes or -1)
    patched.setattr(weighing, "PLANES", planes or -1)


@examples(1)
@given(questions(), st.sampled_from((20, 0)))
def test_probability_is_as_defined(of: Question, planes: int) -> None:
    case, scenario = of.asked.case, of.asked.scenario
    compiled = compile_case(case, scenario, [of.goal])
    sound, certain, possible = shares_of([*worlds(compiled, of.chances, True)], compiled.goals[0])
    whole = shares_of([*worlds(compiled, of.chances, False)], compiled.goals[0])[0]
    for no_outcome in ("undetermined", "excluded"):
        divided = no_outcome == "excluded" or bool(scenario.given)
        with pytest.MonkeyPatch.context() as patched:
            only(patched, planes)
            try:
                found = at.probability(case, of.goal, no_outcome=no_outcome, sample=0, **of.keywords)  # type: ignore[arg-type]
            except ImpossibleScenario:
                assert (divided, sound) == (True, 0)
                continue
            except QuestionError:
                assert (scenario.founded, planes) == (True, 0)  # a circle of both signs
                continue
        expected = (certain / sound, possible / sound) if divided else (certain, possible + 1 - sound)
        assert (found.lower, found.upper) == expected
        assert found.inconsistent == 1 - whole
        assert found.evidence == (sound if scenario.given else None)
        assert found.exact


@examples(0.5)
@given(questions())
def test_marginals_are_the_probabilities_of_everybody(of: Question) -> None:
    try:
        found = at.marginals(of.asked.case, **of.keywords)
    except ImpossibleScenario:
        with pytest.raises(ImpossibleScenario):
            at.probability(of.asked.case, of.goal, **of.keywords)
        return
    for (participant, gathering), interval in found.items():
        goal = at.attends(participant, gathering)
        alone = at.probability(of.asked.case, goal, **of.keywords)
        assert alone == interval
        assert (alone.inconsistent, alone.evidence) == (interval.inconsistent, interval.evidence)


@examples(0.5)
@given(questions().filter(lambda of: not of.asked.scenario.given), st.sampled_from((20, 0)))
def test_slopes_are_those_of_the_straight_line_through_two_points(of: Question, planes: int) -> None:
    case, keywords = of.asked.case, of.asked.keywords
    with pytest.MonkeyPatch.context() as patched:
        only(patched, planes)
        try:
            found = at.sensitivity(case, of.goal, **of.keywords)
        except QuestionError:
            assert (of.asked.scenario.founded, planes) == (True, 0)  # a circle of both signs
            return
    assert (found.interval.lower, found.interval.upper) == tuple(at.probability(case, of.goal, **of.keywords))
    assert len(found) == len(of.chances)
    steep = [max(map(abs, slope)) for slope in found.values()]
    assert steep == sorted(steep, reverse=True)
    for key in of.chances:
        name = str(key) if isinstance(key, str) else key.participant
        ends = [at.probability(case, of.goal, probabilities={**of.chances, key: p}, **keywords) for p in (1, 0)]
        own = {n: slope for n, slope in found.items() if n in (name, *_at(key))}
        expected = (ends[0].lower - ends[1].lower, ends[0].upper - ends[1].upper)
        assert expected in own.values()


def _at(key: Attendance | str) -> list[str]:
    return [f"{key.participant} at {key.gathering}"] if isinstance(key, Attendance) else []


def test_a_slope_with_evidence_is_the_derivative():
    case = at.case("a attends if fa\nb attends if fa or fb", facts=("fa", "fb"))
    step = Fraction(1, 10**6)

    def asked_of(fa: Fraction) -> Fraction:
        return at.probability(case, "a", probabilities={"fa": fa, "fb": "0.5"}, given=["b"]).lower

    slope = at.sensitivity(case, "a", probabilities={"fa": "0.3", "fb": "0.5"}, given=["b"])["fa"][0]
    apart = (asked_of(Fraction(3, 10) + step) - asked_of(Fraction(3, 10) - step)) / (2 * step)
    assert abs(slope - apart) < Fraction(1, 10**6)


# --- worked answers ---------------------------------------------------------------------------------


def test_a_probability_over_a_circle():
    found = at.probability(circle(), "a", probabilities=ODDS, founded=True)
    assert (found.lower, found.upper) == (Fraction(251, 400), Fraction(251, 400))
    assert str(found) == "0.6275"
    assert str(at.probability(circle(), "a", probabilities=ODDS)) == "0.6275 to 0.6989"


def test_the_same_by_open_choices():
    case = at.case("a attends if b and ga\nb attends if a and gb\na might attend\nb might attend", facts=("ga", "gb"))
    found = at.probability(case, "a", probabilities={"ga": "0.51", "gb": "0.56", "a": "1/2", "b": "1/2"}, founded=True)
    assert found == at.Interval(Fraction("0.6275"), Fraction("0.6275"))


def test_who_does_not_keep_their_word_may_still_come():
    case = at.case("alice attends")
    assert at.probability(case, "alice", probabilities={"alice.1": "0.9"}) == at.Interval(Fraction("0.9"), Fraction(1))
    both = {"alice.1": "0.9", "alice": 0}
    assert at.probability(case, "alice", probabilities=both) == at.Interval(Fraction("0.9"), Fraction("0.9"))


def test_what_contradicts_itself_is_told_and_divided_away_if_asked():
    case = at.case("alice attends\nalice declines\nbob attends if rain", facts=("rain",))
    odds = {"alice.1": "0.5", "rain": "0.25"}
    found = at.probability(case, "bob", probabilities=odds)
    assert (found.lower, found.upper, found.inconsistent) == (Fraction(1, 8), Fraction(5, 8), Fraction(1, 2))
    found = at.probability(case, "bob", probabilities=odds, no_outcome="excluded")
    assert tuple(found) == (Fraction(1, 4), Fraction(1, 4))
    with pytest.raises(ImpossibleScenario, match="no world has an outcome"):
        at.probability(case, "bob", no_outcome="excluded")


def test_of_a_hundred_open_people_at_least_fifty_five():
    people = [f"p{i}" for i in range(100)]
    case = at.case("\n".join(f"{p} might attend" for p in people))
    odds = dict.fromkeys(people, Fraction(1, 2))
    found = at.probability(case, "at least 55 of everyone", probabilities=odds, sample=0)
    most = Fraction(sum(comb(100, k) for k in range(55, 101)), 2**100)
    assert (found.lower, found.upper, found.method) == (most, most, "frontier")
    seen = at.marginals(case, probabilities=odds, given=["at least 55 of everyone"], sample=0)
    one = Fraction(sum(comb(99, k) for k in range(54, 100)), 2**100) / most
    assert {tuple(interval) for interval in seen.values()} == {(one, one)}
    assert seen.evidence == most


def test_the_case_has_probabilities_of_its_own():
    case = at.loads("""
        participants: {alice: {probability: 0.5}, bob: {}}
        facts: {rain: {probability: 1/4}}
        statements:
          - alice might attend only if rain
          - {id: word, who: bob, says: attends only if alice, probability: 0.9}
    """)
    found = at.marginals(case)
    assert found["alice"] == at.Interval(Fraction(1, 8), Fraction(1, 8))
    assert found["bob"] == at.Interval(Fraction(9, 80), Fraction(9, 80) + Fraction(1, 10))
    assert at.probability(case, "alice", probabilities={"rain": 1}).lower == Fraction(1, 2)
    assert at.probability(case, "alice", assume={"rain": True}).lower == Fraction(1, 2)
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("order", [1, -1])
def test_a_slope_counts_wherever_a_chance_is_read(order: int):
    case = at.case("\n".join(["a might attend", "b attends only if r"][::order]), facts=["r"])
    found = at.sensitivity(case, "a and r", probabilities={"r": "0.5"})
    assert found["r"] == (0, 1)
    assert at.sensitivity(case, "a or r", probabilities={"r": "0.5"})["r"] == (1, 0)


def test_fractions_of_thousands_of_digits_are_told():
    lines = ["p0 attends only if r0", *(f"p{i} attends only if p{i - 1} and r{i}" for i in range(1, 1500))]
    case = at.case("\n".join(lines), facts=[f"r{i}" for i in range(1500)])
    odds = {f"r{i}": "0.999" for i in range(1500)}
    found = at.probability(case, "p1499", probabilities=odds)
    assert found.lower == Fraction("0.999") ** 1500
    assert (str(found), repr(found)) == (
        "about 0.222963",
        "Interval(about 0.222963, about 0.222963, method='frontier')",
    )
    above, below = found.to_dict()["lower"].split("/")
    assert (len(above), len(below)) == (4500, 4501)
    assert json.dumps(at.marginals(case, probabilities=odds).to_dict())
    assert str(at.probability(case, "p1499", probabilities=dict.fromkeys(odds, "0.1"))) == "nearly 0"


def test_everybody_is_exact_where_each_is(monkeypatch: pytest.MonkeyPatch):
    only(monkeypatch, 0)
    people = [f"p{i}" for i in range(8)]
    case = at.case("\n".join(f"{p} attends only if a majority of everyone" for p in people))
    odds = {**dict.fromkeys(people, "0.5"), **{f"{p}.1": "0.9" for p in people}}
    alone = at.probability(case, "p3", probabilities=odds, sample=0)
    for most in (frontier.STATES, 20_000):
        monkeypatch.setattr(weighing, "STATES", most)
        assert at.marginals(case, probabilities=odds, sample=0)["p3"] == alone


# --- samples ----------------------------------------------------------------------------------------


def test_sampled_intervals_cover_the_truth_as_often_as_they_say():
    """Of 300 samples, fewer than so many may miss that fewer still would be a chance of 1 in 10^6."""
    truth, tries, missed = at.probability(circle(), "a", probabilities=ODDS), 300, 0
    for seed in range(tries):
        found = at.probability(circle(), "a", probabilities=ODDS, sample=150, seed=seed)
        assert found.sample is not None
        assert not found.exact
        low, high = found.sample.lower, found.sample.upper
        missed += not (low[0] <= truth.lower <= low[1] and high[0] <= truth.upper <= high[1])
    rate = 1 - likelihood.CONFIDENCE
    allowed = next(k for k in range(tries) if sum(_binomial(tries, i, rate) for i in range(k + 1)) > 1 - 1e-6)
    assert missed <= allowed < tries / 8


def _binomial(tries: int, hits: int, rate: float) -> float:
    return comb(tries, hits) * rate**hits * (1 - rate) ** (tries - hits)


def test_a_sample_is_the_same_for_the_same_seed():
    first, again, other = (
        at.probability(circle(), "a", probabilities=ODDS, sample=1000, seed=seed) for seed in (7, 7, 8)
    )
    assert tuple(first) == tuple(again) != tuple(other)
    assert "(sampled: 1,000 worlds, seed 7; " in str(first)


def test_what_is_beyond_reach_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch):
    only(monkeypatch, 0)
    monkeypatch.setattr(stepping, "DIGITS", 1)
    monkeypatch.setattr(likelihood, "SAMPLE", 5000)
    found = at.probability(circle(), "a", probabilities=ODDS)
    assert (found.method, found.exact) == ("sampling", False)
    assert found.sample is not None
    assert found.sample.size == 5000
    assert found.sample.lower[0] <= Fraction(251, 400) <= found.sample.lower[1]
    with pytest.raises(QuestionError, match="no exact answer in reach"):
        at.probability(circle(), "a", probabilities=ODDS, sample=0)


def test_a_sample_with_evidence_divides_by_the_worlds_that_meet_it():
    exact = at.probability(circle(), "a", probabilities=ODDS, given=["b"], founded=True)
    found = at.probability(circle(), "a", probabilities=ODDS, given=["b"], founded=True, sample=20_000)
    assert found.sample is not None
    assert found.sample.lower[0] <= exact.lower <= found.sample.lower[1]
    assert exact.evidence is not None
    assert found.evidence is not None
    assert abs(found.evidence - exact.evidence) < Fraction(2, 100)
    with pytest.raises(QuestionError, match="none of the 10 worlds that were drawn"):
        at.probability(
            circle(), "a", probabilities={**ODDS, "fb": 0, "gb": "0.00001"}, given=["b"], founded=True, sample=10
        )


def test_what_is_certain_falls_always_and_what_cannot_be_never() -> None:
    always, never, half = (drawing.worlds({0: odds}, 100, 1).columns[0] for odds in ((0, 3), (3, 0), (1, 1)))
    assert (100, 0) == (always.bit_count(), never.bit_count())
    assert 0 < half.bit_count() < 100
    assert (1.0, 0.0) == (drawing.around(100, 100, 0.95)[1], drawing.around(0, 100, 0.95)[0])


@examples(0.5)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 10**9))
def test_bits_fall_by_their_odds(no: int, yes: int, seed: int) -> None:
    if not no + yes:
        return
    drawn = drawing.worlds({0: (no, yes)}, 20_000, seed).columns[0].bit_count()
    low, high = drawing.around(drawn, 20_000, 1 - 1e-9)
    assert low <= yes / (no + yes) <= high


# --- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"probabilities": {"fa": 2}}, "the probability of fa: a probability is from 0 to 1"),
        ({"probabilities": {"fa": "often"}}, "the probability of fa: expected a number"),
        ({"probabilities": {"fb": -1}}, "the probability of fb"),
        ({"no_outcome": "ignored"}, "no_outcome is undetermined or excluded"),
        ({"sample": -1}, "sample is a whole number from 0 up"),
        ({"sample": True}, "sample is a whole number"),
        ({"seed": 1.5}, "seed is a whole number"),
        ({"seed": None}, "seed is a whole number"),
        ({"probabilities": {"a": "0.1", ("a", "meeting"): "0.2"}}, "is given twice, and differs"),
        ({"sample": 10**9}, "at most 10,000,000 worlds"),
        ({"probabilities": ["fa"]}, "probabilities"),
    ],
)
def test_what_makes_no_sense_is_refused(keywords: dict[str, Any], told: str):
    with pytest.raises(QuestionError, match=told):
        at.probability(circle(), "a", **keywords)


def test_unknown_names_get_a_did_you_mean():
    with pytest.raises(UnknownName, match="did you mean"):
        at.probability(circle(), "a", probabilities={"faa": "0.5"})
    with pytest.raises(CaseError):
        at.case("a attends", facts=[at.Fact(id="f", probability=3)])


def test_what_changes_nothing_is_said():
    found = at.probability(circle(), "a", probabilities=ODDS, assume={"fa": True})
    assert found.warnings == ("fa is known: its probability changes nothing",)
    found = at.probability(circle(), "a", probabilities={"a": "0.1"}, assume={"a": True}, scenario=Scenario())
    assert found.warnings == ("a at meeting is assumed: its probability changes nothing",)
    found = at.probability(circle(), "b", probabilities={"a.1": "0.1"}, withdraw=["a.1"])
    assert found.warnings == ("a.1 is not in force: its probability changes nothing",)
