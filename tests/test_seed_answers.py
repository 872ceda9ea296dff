"""What was published of the seeds and `expect` cannot say: lists, minimal sets, power, rounds, chances.

And once more without compiler, networks and engines: the plain program of tests/reference.py on every seed that is small
enough for listing all its states.
"""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import attendance as at
from tests.reference import Reference
from tests.test_conformance import differences
from tests.test_puzzles import CHALLENGES, COMPACT, EMISSIONS, RATIFIED, table

SEEDS = Path(__file__).parent.parent / "seeds"


def seed(name):
    return at.load(SEEDS / f"{name}.yaml")


LARGE = {"granovetter-1978", "kyoto-1997", "nocoug-2012", "popular-vote-2007", "security-council-1965"}
SMALL = sorted({file.stem for file in SEEDS.iterdir()} - LARGE)


@pytest.mark.parametrize("name", SMALL)
def test_the_plain_program_says_the_same_of_every_scenario(name):
    case = seed(name)
    for scenario in (at.Scenario(), *case.scenarios):
        assert [] == differences(case, Reference(case, scenario), "auto", {"scenario": scenario})


CLASHES = {
    ("americas-2022", "castro-seen"): [{"hn"}],
    ("birds", "five-seen"): [{"H.1", "J.1", "W.1"}, {"H.1", "M.1", "W.1"}],
    ("cousins-party", "daisy-asked"): [{"rule.2", "rule.3", "rule.4"}],
    ("invitations-2015", ""): [{"one", "two"}],
    ("istanbul-2025", "zelensky-seen"): [{"z", "list"}],
    ("odd-circle", ""): [{"follows", "flees"}],
    ("presenters", "j-without-p"): [{"J.1", "P.1"}],
    ("touchy-friends", ""): [{"j", "s", "k"}],
    ("touchy-friends", "samir-asked"): [{"j", "s", "k"}],
    ("volunteers", "with-f-and-t"): [{"T.1"}],
}
"""What cannot be kept together, found by hand. So whatever else is given in a seed, as a share of emissions, is true."""


@pytest.mark.parametrize("name", sorted(file.stem for file in SEEDS.iterdir()))
def test_nothing_clashes_but_what_is_meant_to(name):
    case = seed(name)
    for scenario in ("", *(s.id for s in case.scenarios)):
        conflicts = at.resolve(case, scenario=scenario).conflicts
        found = [set(clash) for conflict in conflicts for clash in conflict.clashes]
        assert CLASHES.get((name, scenario), []) == found, scenario


@pytest.mark.parametrize(
    ("name", "scenario", "number"),
    [
        ("birds", "to-the-letter", 9),
        ("cousins-party", "", 3),
        ("cousins-party", "to-the-letter", 3),
        ("granovetter-1978", "", 1),
        ("granovetter-1978", "one-changed", 2),
        ("granovetter-1978", "one-changed-founded", 1),
        ("istanbul-2025", "mutual-loop", 2),
        ("largest-number", "", 2),
        ("largest-number", "founded", 1),
        ("largest-number", "largest-number", 1),
        ("odd-circle", "", 0),
        ("odd-circle", "to-the-letter", 2),
        ("presenters", "to-the-letter", 29),
        ("touchy-friends", "", 0),
        ("touchy-friends", "to-the-letter", 3),
        ("tv-family", "", 1),
        ("tv-family", "to-the-letter", 1),
        ("volunteers", "to-the-letter", 10),
    ],
)
def test_there_are_as_many_outcomes_as_was_published(name, scenario, number):
    assert number == at.count(seed(name), scenario=scenario)


@pytest.mark.parametrize(("puzzle", "number"), [("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5)])
def test_the_challenge_is_put_down_as_printed_and_needs_whom_it_was_said_to_need(puzzle, number):
    case, (rules, published) = seed("nocoug-2012"), CHALLENGES[number]
    promises = [rule.split(">") for rule in rules.split()]
    printed = [f"{guest} at {puzzle} attends if {' and '.join(friends)}" for friends, guest in promises]
    assert printed == [f"{s.who} at {s.at} {s.says}" for s in case.statements if s.at == puzzle]
    people = [f"{guest} at {puzzle}" for guest in "ABCDEF"]
    found = at.requirements(case, f"all of everyone at {puzzle}", over=people)
    assert all(set(needed.values()) == {True} for needed in found.minimal_sets)
    assert published == ["".join(sorted(str(name)[0] for name in needed)) for needed in found.minimal_sets]


def test_the_weights_and_dates_of_the_kyoto_protocol_are_those_of_its_table():
    case = seed("kyoto-1997")
    names = {p.id: p.name for p in case.participants}
    assert EMISSIONS == {p.name: dict(p.weights)["co2"] for p in case.participants}
    assert RATIFIED == {names[s.who]: f"{s.said:%Y-%m-%d}" for s in case.statements}


def test_the_protocol_is_in_force_ninety_days_after_the_moment_at_which_enough_had_ratified():
    moments = [e for e in at.timeline(seed("kyoto-1997")) if e.resolution.gatherings["protocol"].held == "held"]
    assert date(2004, 11, 18) == moments[0].moment.date()
    assert date(2005, 2, 16) == moments[0].moment.date() + timedelta(days=90)


def test_the_members_of_the_compact_are_those_of_its_table():
    case = seed("popular-vote-2007")
    electors = {p.id: dict(p.weights)["electors"] for p in case.participants}
    joined = [(f"{s.said:%Y-%m-%d}", electors[s.who]) for s in case.statements]
    assert [(day, int(number)) for _, number, day in table(COMPACT, 2)] == joined
    assert 538 == sum(electors.values())


def test_the_crowd_of_a_hundred_moves_one_by_one_and_a_changed_crowd_stops_at_one():
    case = seed("granovetter-1978")
    assert 100 == len(at.cascade(case).settled.attending)
    assert {"p0"} == at.cascade(case, scenario="one-changed").settled.attending
    turnouts = [len(o.attending) for o in at.outcomes(case, scenario="one-changed", order="fewest")]
    assert [1, 100] == turnouts


def test_the_two_who_need_two_are_the_one_outcome_beside_nobody():
    found = at.outcomes(seed("largest-number"), order="fewest")
    assert [set(), {"ann", "bob"}] == [outcome.attending for outcome in found]


def test_luxembourg_has_no_power_on_a_proposal_and_some_without():
    case = seed("council-1958")
    proposed, otherwise = (at.pivots(case, f"{way} is held") for way in ("on-proposal", "otherwise"))
    assert 0 == proposed["luxembourg"].shapley == proposed["luxembourg"].banzhaf
    assert otherwise["luxembourg"].shapley > 0
    # Of 6! orders: a great member is the one who completes 12 votes in 168 of them, a middle one in 108.
    shares = {name: proposed[name].shapley for name in ("germany", "italy", "belgium")}
    assert {"germany": Fraction(168, 720), "italy": Fraction(168, 720), "belgium": Fraction(108, 720)} == shares


def test_the_power_in_the_security_council_is_what_textbooks_print():
    power = at.pivots(seed("security-council-1965"), "decision is held")
    shares = {name: power[name].shapley for name in ("china", "united-states", "e1", "e10")}
    five, ten = Fraction(421, 2145), Fraction(4, 2145)
    assert {"china": five, "united-states": five, "e1": ten, "e10": ten} == shares
    assert ["china", "france", "russia", "united-kingdom", "united-states"] == [n for n in power if power[n].veto]


@pytest.mark.parametrize(
    ("who", "scenario", "lower", "upper"),
    [
        ("ann", "founded", "0.6275", "0.6275"),
        ("bob", "founded", "0.64", "0.64"),
        ("ann", "", "0.6275", "0.6989"),
        ("bob", "", "0.64", "0.7114"),
    ],
)
def test_the_mutual_promises_are_kept_as_likely_as_a_pencil_says(who, scenario, lower, upper):
    found = at.probability(seed("mutual-promises"), who, scenario=scenario)
    assert found.exact
    assert (Fraction(lower), Fraction(upper)) == (found.lower, found.upper)


def test_the_pair_cannot_be_invited_so_that_nobody_regrets_it():
    case = seed("invitations-2015")
    assert not at.invitations(case, stability="addition")
    assert ("p1",) == at.invitations(case).invited
    assert at.invitations(case, stability="addition", scenario="softer")
