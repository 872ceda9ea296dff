"""Puzzles and cases whose answers others have published: party challenges, textbooks, exams, treaties, crowds."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations
from pathlib import Path

import pytest

import attendance as at

SEEDS = Path(__file__).parent.parent / "seeds"
ENGINES = ("auto", "tables", "clingo", "enumeration")

every_engine = pytest.mark.parametrize("engine", ENGINES)
engines_for_crowds = pytest.mark.parametrize("engine", ["auto", "clingo"])  # the others stop at 12 or 16


def guest_lists(case, **asked):
    """Every guest list as sorted names, in order."""
    return sorted(sorted(outcome.attending) for outcome in at.outcomes(case, **asked))


def seed(name):
    return at.load(SEEDS / f"{name}.yaml")


# --- the NoCOUG party challenge (2012): whom to persuade so that all six come -----------------------

CHALLENGES = {
    1: ("A>B A>C C>A C>D E>A E>B E>C F>C F>D CD>B CD>E CD>F AB>D", ["A", "C", "E", "F"]),
    2: ("AB>C DE>F", ["ABDE"]),
    3: ("AB>C DE>F ABDE>C ABDE>F", ["ABDE"]),
    4: ("A>B B>C A>C D>E E>F D>F", ["AD"]),
    5: ("A>B B>C A>C D>E E>F D>F ABDE>C ABDE>F", ["AD"]),
}
SIX = "ABCDEF"

every_challenge = pytest.mark.parametrize("number", CHALLENGES)


def challenge(number):
    """`AB>C`: C comes if A and B do. Several rules for one guest stand side by side."""
    rules = [rule.split(">") for rule in CHALLENGES[number][0].split()]
    return at.Case(
        participants=list(SIX),
        statements=[f"{guest} attends if {' and '.join(friends)}" for friends, guest in rules],
    )


def all_come(case, persuaded, engine):
    """Whether everybody attends in every outcome once these are persuaded."""
    found = at.resolve(case, assume=dict.fromkeys(persuaded, True), engine=engine)
    return found.consistent and {"attends"} == set(found.verdicts.values())


@every_engine
@every_challenge
def test_the_published_guests_bring_all_six_and_none_of_them_can_be_left_out(number, engine):
    case = challenge(number)
    for published in CHALLENGES[number][1]:
        assert all_come(case, published, engine)
        for guest in published:
            assert not all_come(case, published.replace(guest, ""), engine)


@every_engine
@every_challenge
def test_the_minimal_sets_are_exactly_the_published_ones(number, engine):
    case, minimal = challenge(number), []
    for persuaded in chain.from_iterable(combinations(SIX, size) for size in range(7)):  # small ones first
        if not any(set(known) <= set(persuaded) for known in minimal) and all_come(case, persuaded, engine):
            minimal.append("".join(persuaded))
    assert CHALLENGES[number][1] == minimal


@every_engine
@every_challenge
def test_the_outcomes_say_what_the_verdicts_say(number, engine):
    case = challenge(number)
    for published in CHALLENGES[number][1]:
        assert [list(SIX)] == guest_lists(case, assume=dict.fromkeys(published, True), engine=engine)


# --- guest lists from textbooks: rules alone, to the letter -----------------------------------------


@every_engine
def test_three_touchy_friends(engine):
    case = seed("touchy-friends")
    expected = [[], ["jasmine"], ["jasmine", "kanti"]]
    assert expected == guest_lists(case, reading="literal", engine=engine)
    assert 3 == at.count(case, reading="literal", engine=engine)


@every_engine
def test_the_tv_family(engine):
    case = seed("tv-family")
    assert [["cleo", "dale"]] == guest_lists(case, reading="literal", engine=engine)


@every_engine
def test_the_cousins_party(engine):
    case = seed("cousins-party")
    expected = [
        ["anthony", "benjamin", "connie"],
        ["anthony", "benjamin", "connie", "emily"],
        ["anthony", "connie", "emily"],
    ]
    assert expected == guest_lists(case, reading="literal", engine=engine)
    found = {a.participant: v for a, v in at.resolve(case, reading="literal", engine=engine).verdicts.items()}
    assert {
        "anthony": "attends",
        "connie": "attends",
        "daisy": "absent",
        "benjamin": "undetermined",
        "emily": "undetermined",
    } == found


# --- grouping games: official keys, to the letter ---------------------------------------------------

# game | given | asked | options | answer
QUESTIONS = """
volunteers | | could be | only(F,S); only(M,R); only(L,S,T); only(S,R,V); only(L,S,T,V) | only(L,S,T)
volunteers | V | could be | F and R; F and S; L and M; L and T; S and T | F and S
volunteers | not T | cannot be | F; L; R; S; V | R
volunteers | M | could be | F; L; V; not S; not T | L
volunteers | F | must be | L; S; not V; n = 3; n = 4 | L
volunteers | | must be | F or T; L or M; L or V; R or S; S or T | L or M
presenters | | could be | only(M,S); only(F,M,Q); only(F,L,M,P); only(M,P,Q,S) | only(M,P,Q,S)
presenters | L and Q | could be | F; M; n = 2; n = 3 | n = 3
presenters | n = 1 | could be | F; J; Q; S | Q
presenters | | cannot be | F and Q; J and not P; not J and not Q; only(M,P) | J and not P
presenters | n = 2 | cannot be | L; M; P; Q | L
presenters | F | must be | n >= 3; n <= 4; not J and not Q; L is not S | n >= 3
birds | | could be | notin(J,S); notin(H,G); notin(G,J,M); notin(G,M,S,W); notin(M,S) | notin(G,M,S,W)
birds | M and H | must be | only(M,H,S); only(M,H,J); not J and not S; n >= 4; n <= 4 | n <= 4
birds | not J | cannot be | M; H; not M and not H; not M and not S; only(H,S) | not M and not S
birds | | cannot be | J and W; J and S; S and W; J and M; S and M | J and W
birds | G | must be | S; W; W and S; n <= 2; n >= 3 | S
birds | not S or not H | could be | J and S; W and S; M and S; not J and M; n = 4 | W and S
"""
QUESTIONS = [[cell.strip() for cell in row.split("|")] for row in QUESTIONS.strip().splitlines()]
COUNTS = {"n = ": "exactly", "n >= ": "at least", "n <= ": "at most"}


def condition(option, people):
    """An option of the exam as a condition: `only(A,B)`, `notin(A,B)`, `n >= 3`, or what it says."""
    for sign, words in COUNTS.items():
        if option.startswith(sign):
            return f"{words} {option.removeprefix(sign)} of everyone"
    if option.startswith(("only(", "notin(")):
        named = option[option.index("(") + 1 : -1].split(",")
        coming = named if option.startswith("only(") else [name for name in people if name not in named]
        return " and ".join(name if name in coming else f"not {name}" for name in people)
    if option == "L is not S":  # one of the two comes, and the other does not
        return "exactly 1 of (L, S)"
    return option


def fits(case, given, asked, option, engine):
    """Whether the option could be, must be or cannot be, by the number of guest lists that meet it."""
    people = [p.id for p in case.participants]
    seen = [condition(given, people)] if given else []
    goal = condition(option, people)
    if asked == "must be":
        return at.count(case, given=[*seen, f"not ({goal})"], reading="literal", engine=engine) == 0
    meeting = at.count(case, given=[*seen, goal], reading="literal", engine=engine)
    return meeting > 0 if asked == "could be" else meeting == 0


@every_engine
@pytest.mark.parametrize(("name", "people", "number"), [("volunteers", 7, 10), ("presenters", 7, 29), ("birds", 6, 9)])
def test_the_number_of_guest_lists_of_a_game(name, people, number, engine):
    case = seed(name)
    assert people == len(case.participants)
    assert number == at.count(case, reading="literal", engine=engine)
    assert number == len(guest_lists(case, reading="literal", engine=engine))


@every_engine
@pytest.mark.parametrize(("name", "given", "asked", "options", "answer"), QUESTIONS, ids=range(1, len(QUESTIONS) + 1))
def test_the_published_option_is_the_only_one_that_fits(name, given, asked, options, answer, engine):
    case = seed(name)
    found = [option for option in options.split("; ") if fits(case, given, asked, option, engine)]
    assert [answer] == found


@every_engine
def test_at_most_four_birds_are_there(engine):
    birds = seed("birds")
    fewest, most = at.resolve(birds, reading="literal", engine=engine).gatherings["forest"].turnout
    assert (1, 4) == (fewest, most)
    assert 0 == at.count(birds, given=["at least 5 of everyone"], reading="literal", engine=engine)


# --- quorum by weight: the Kyoto Protocol, article 25 -----------------------------------------------

ANNEX_I = """
Australia 288965 2007-12-12; Austria 59200 2002-05-31; Belgium 113405 2002-05-31; Bulgaria 82990 2002-08-15;
Canada 457441 2002-12-17; Czech Republic 169514 2001-11-15; Denmark 52100 2002-05-31; Estonia 37797 2002-10-14;
Finland 53900 2002-05-31; France 366536 2002-05-31; Germany 1012443 2002-05-31; Greece 82100 2002-05-31;
Hungary 71673 2002-08-21; Iceland 2172 2002-05-23; Ireland 30719 2002-05-31; Italy 428941 2002-05-31;
Japan 1173360 2002-06-04; Latvia 22976 2002-07-05; Liechtenstein 208 2004-12-03; Luxembourg 11343 2002-05-31;
Monaco 71 2006-02-27; Netherlands 167600 2002-05-31; New Zealand 25530 2002-12-19; Norway 35533 2002-05-30;
Poland 414930 2002-12-13; Portugal 42148 2002-05-31; Romania 171103 2001-03-19;
Russian Federation 2388720 2004-11-18; Slovakia 58278 2002-05-31; Spain 260654 2002-05-31; Sweden 61256 2002-05-31;
Switzerland 43600 2003-07-09; United Kingdom 584078 2002-05-31; United States 4957022 never
"""
RUSSIA, UNITED_STATES, JAPAN = "Russian Federation", "United States", "Japan"


def table(text, fields):
    """Rows of `name fields`, as tuples of a name and its fields."""
    rows = [row.strip().rsplit(" ", fields) for row in text.replace("\n", " ").split(";")]
    return [tuple(row) for row in rows]


EMISSIONS = {name: int(co2) for name, co2, _ in table(ANNEX_I, 2)}
RATIFIED = {name: day for name, _, day in table(ANNEX_I, 2) if day != "never"}


@pytest.fixture(scope="module")
def kyoto():
    """To attend is to be a party. On the day when the text was adopted nobody had ratified it yet."""
    return at.Case(
        title="Kyoto Protocol",
        gatherings=[{"id": "force", "held_if": "co2 of annex1 at least 55%"}],
        participants=[{"id": p, "of": "annex1", "weights": {"co2": co2}} for p, co2 in EMISSIONS.items()],
        statements=[
            *({"who": p, "says": "declines", "said": date(1997, 12, 11)} for p in EMISSIONS),
            *({"who": p, "says": "attends", "said": day} for p, day in RATIFIED.items()),
        ],
    )


def meets(case, goal, **asked):
    """Whether the only outcome there is meets the goal."""
    assert 1 == at.count(case, **asked)
    return 1 == at.count(case, given=[goal], **asked)


def share_is(case, percent, **asked):
    """Whether the parties' share of the CO2 rounds to that many percent, with two decimals."""
    half = Decimal("0.005")
    at_least, too_much = (f"co2 of annex1 at least {Decimal(percent) + d}%" for d in (-half, half))
    return meets(case, at_least, **asked) and not meets(case, too_much, **asked)


def test_the_table_of_annex_i_adds_up():
    assert 34 == len(EMISSIONS)
    assert 13_728_306 == sum(EMISSIONS.values())


@engines_for_crowds
@pytest.mark.parametrize(("as_of", "percent"), [("2004-11-17", "44.39"), ("2004-11-18", "61.79")])
def test_the_share_before_and_after_russia(kyoto, as_of, percent, engine):
    asked = {"as_of": as_of, "engine": engine}
    assert share_is(kyoto, percent, **asked)
    # Nothing is rounded on the way: it is the sum of the table, to the last gigagram.
    ratified = sum(EMISSIONS[name] for name, day in RATIFIED.items() if day <= as_of)
    assert meets(kyoto, f"co2 of annex1 exactly {ratified}", **asked)
    assert not meets(kyoto, f"co2 of annex1 at least {ratified + 1}", **asked)


@engines_for_crowds
def test_the_weight_condition_is_first_met_when_russia_ratifies(kyoto, engine):
    for day in sorted({*RATIFIED.values(), "2004-11-17"}):
        held = at.resolve(kyoto, as_of=day, engine=engine).gatherings["force"].held
        assert ("held" if day >= "2004-11-18" else "not held") == held, day
    # article 25: in force on the ninetieth day after
    assert date(2005, 2, 16) == date(2004, 11, 18) + timedelta(days=90)


@engines_for_crowds
@pytest.mark.parametrize(
    ("without", "percent", "held"),
    [
        ([], "63.89", "held"),
        ([RUSSIA], "46.49", "not held"),
        ([JAPAN], "55.34", "held"),
    ],
)
def test_the_share_of_all_but_the_united_states_and_these(kyoto, without, percent, held, engine):
    # Their second statement is their ratification; without it the first one stands again.
    asked = {"withdraw": [f"{name}.2" for name in without], "engine": engine}
    assert share_is(kyoto, percent, **asked)
    assert held == at.resolve(kyoto, **asked).gatherings["force"].held


@engines_for_crowds
def test_without_the_united_states_russia_alone_has_a_veto(kyoto, engine):
    vetoes = []
    for name in RATIFIED:
        found = at.resolve(kyoto, assume={name: False, UNITED_STATES: False}, engine=engine)
        vetoes += [name] if found.gatherings["force"].held == "not held" else []
    assert [RUSSIA] == vetoes


# --- quorum by weight: the National Popular Vote compact --------------------------------------------

COMPACT = """
MD 10 2007-04-10; NJ 14 2008-01-13; IL 19 2008-04-07; HI 4 2008-05-01; WA 12 2009-04-28; MA 11 2010-08-04;
DC 3 2010-12-07; VT 3 2011-04-22; CA 54 2011-08-08; RI 4 2013-07-12; NY 28 2014-04-15; CT 7 2018-05-24;
CO 10 2019-03-15; DE 3 2019-03-28; NM 5 2019-04-03; OR 8 2019-06-12; MN 10 2023-05-24; ME 4 2024-04-16
"""
ELECTORS = {name: int(electors) for name, electors, _ in table(COMPACT, 2)}
REST = 538 - 209


@pytest.fixture(scope="module")
def compact():
    """To attend is to be a member; at first nobody was. The other states are one, with all the other electors."""
    joined = {name: day for name, _, day in table(COMPACT, 2)}
    return at.Case(
        title="National Popular Vote compact",
        gatherings=[{"id": "force", "held_if": "electors of everyone at least 270"}],
        participants=[
            *({"id": s, "weights": {"electors": n}} for s, n in ELECTORS.items()),
            {"id": "other states", "weights": {"electors": REST}},
        ],
        statements=[
            *({"who": s, "says": "declines", "said": "2006-01-01"} for s in ELECTORS),
            *({"who": s, "says": "attends", "said": day} for s, day in joined.items()),
            {"who": "other states", "says": "declines"},
        ],
    )


@engines_for_crowds
def test_the_compact_is_not_in_force(compact, engine):
    found = at.resolve(compact, engine=engine)
    assert "not held" == found.gatherings["force"].held
    assert (18, 18) == found.gatherings["force"].turnout
    assert meets(compact, "electors of everyone exactly 209", engine=engine)
    assert meets(compact, "electors of everyone at least 38.84%", engine=engine)
    assert not meets(compact, "electors of everyone at least 50%", engine=engine)


@engines_for_crowds
def test_the_electors_of_the_compact_year_by_year(compact, engine):
    electors = {2006: 0, 2007: 10, 2008: 47, 2010: 73, 2014: 162, 2019: 195, 2023: 205, 2024: 209}
    for year, number in electors.items():
        goal = f"electors of everyone exactly {number}"
        assert meets(compact, goal, as_of=f"{year}-12-31", engine=engine)


@engines_for_crowds
def test_the_compact_with_all_the_rest(compact, engine):
    found = at.resolve(compact, assume={"other states": True}, engine=engine)
    assert "held" == found.gatherings["force"].held


# --- crowds and promises ----------------------------------------------------------------------------


def crowd(thresholds):
    """Each attends if at least so many others do."""
    return at.case("\n".join(f"p{i} attends if at least {k} of others" for i, k in enumerate(thresholds)))


@engines_for_crowds
@pytest.mark.parametrize("founded", [False, True])
def test_granovetters_crowd_all_comes(founded, engine):
    asked = {"founded": founded, "engine": engine}
    case = crowd(range(100))
    assert 1 == at.count(case, **asked)
    (outcome,) = at.outcomes(case, **asked)
    assert 100 == len(outcome.attending)
    assert {"attends"} == set(at.resolve(case, **asked).verdicts.values())


@engines_for_crowds
def test_granovetters_crowd_with_one_threshold_changed(engine):
    case = crowd([0, 2, *range(2, 100)])
    assert 1 == at.count(case, founded=True, engine=engine)
    (outcome,) = at.outcomes(case, founded=True, engine=engine)
    assert {"p0"} == outcome.attending
    # Without founding there is another: all stay as long as nobody leaves.
    turnouts = [len(o.attending) for o in at.outcomes(case, order="fewest", engine=engine)]
    assert [1, 100] == turnouts


@every_engine
@pytest.mark.parametrize("founded", [False, True])
def test_a_small_crowd_of_granovetters(founded, engine):
    # The same with a size that every engine can take.
    asked = {"founded": founded, "engine": engine}
    assert [10] == [len(o.attending) for o in at.outcomes(crowd(range(10)), **asked)]
    turnouts = [len(o.attending) for o in at.outcomes(crowd([0, 2, *range(2, 10)]), order="fewest", **asked)]
    assert ([1] if founded else [1, 10]) == turnouts


@every_engine
def test_the_two_who_need_two_are_an_outcome_whatever_the_third_needs(engine):
    case = at.case(
        """
        a attends only if at least 2 of everyone
        b attends only if at least 2 of everyone
        c attends only if at least 100 of everyone
        """
    )
    assert [[], ["a", "b"]] == guest_lists(case, engine=engine)
    most = next(iter(at.outcomes(case, order="most", engine=engine)))
    assert {"a", "b"} == most.attending
    assert "absent" == at.resolve(case, engine=engine)["c"]


@every_engine
@pytest.mark.parametrize("founded", [False, True])
def test_an_odd_circle_is_named(founded, engine):
    case = at.case("a attends only if b\nb declines if a")
    asked = {"founded": founded, "engine": engine}
    assert 0 == at.count(case, **asked)
    assert [] == list(at.outcomes(case, **asked))
    (conflict,) = at.resolve(case, **asked).conflicts
    assert {"a", "b"} == set(conflict.participants)
    assert (("a.1", "b.1"),) == conflict.clashes
    assert conflict.complete
