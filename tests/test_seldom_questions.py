"""What in the questions random cases reach now and then: each a plain case with its answer."""

import json
from collections.abc import Callable
from itertools import product

import pytest
from click.testing import CliRunner

import attendance as at
from attendance.engines import stepping, tables
from attendance.faces.cli import cli
from attendance.model.influence import influences
from attendance.model.scenario import Scenario
from attendance.questions import diagrams, proof, prove, worlds
from tests.test_certificate import TANGLE

TALKS = at.case("putin attends\nzelensky attends only if putin")


# --- certificates ---------------------------------------------------------------------------------

CIRCLE = (
    "a attends if and only if not b\nb attends if and only if not c\nc attends if and only if not a or d\nd declines"
)


def test_what_takes_too_long_to_refute_has_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    case = at.case(TANGLE)
    found = at.why(case, "d")
    assert at.verify(found.certificate)
    monkeypatch.setattr(proof, "STEPS", 0)
    again = at.why(case, "d")
    assert (None, found.verdict, found.statements) == (again.certificate, again.verdict, again.statements)


def test_a_clash_that_takes_too_long_to_refute_has_no_certificate_either(monkeypatch: pytest.MonkeyPatch) -> None:
    case = at.case(CIRCLE)
    found = at.why(case, "a")
    assert ("undetermined", "conflict") == (found.verdict, found.cause.cause)
    assert at.verify(found.certificate)
    monkeypatch.setattr(proof, "STEPS", 0)
    assert at.why(case, "a").certificate is None


# --- deadlocks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo"])
def test_a_deadlock_is_not_opened_by_those_who_cannot_come_together(engine: str) -> None:
    lines = [f"p{i} might attend only if p{(i + 1) % 6} or not p{(i + 2) % 6}" for i in range(6)]
    case = at.case("\n".join(lines), rules=[f"not p{i} or not p{i + 3}" for i in range(3)])
    (found,) = at.deadlocks(case, engine=engine)
    assert set(product(("p0", "p3"), ("p1", "p4"), ("p2", "p5"))) == {
        tuple(sorted(way, key=lambda p: int(p[1]) % 3)) for way in found.opened_by
    }


def test_who_waits_for_a_crowd_in_two_ways_waits_for_it_once() -> None:
    case = at.case(
        "a might attend only if at least 1 of (b, c, d) and at most 2 of (b, c, d)\n"
        "b might attend only if a\nc might attend only if a\nd might attend only if a"
    )
    (found,) = at.deadlocks(case)
    assert ("a", "b", "c", "d") == found.participants
    assert [("a", "b"), ("a", "c"), ("a", "d")] == [(x.participant, y.participant) for x, y in found.waits][:3]


# --- players --------------------------------------------------------------------------------------


def with_seats(many: int) -> at.Case:
    """A council of so many, who weigh differently in five ways; nobody says anything."""
    weights = [(3 * i * i + 7, 101 - 5 * i, 1 + i % 3, 1 + i * i % 4, 1 + i // 2 % 3) for i in range(many)]
    kinds = ("seats", "people", "votes", "area", "gold")
    told = (dict(zip(kinds, each, strict=True)) for each in weights)
    rows = (f"  p{i}: {{weights: {json.dumps(each)}}}\n" for i, each in enumerate(told))
    return at.loads(f"participants:\n{''.join(rows)}")


DOUBLE = "seats of everyone at least 60% and people of everyone at least 50%"


NESTED = f"{DOUBLE} and at least 2 of ((p0 and p1), seats of everyone at least 90%, people of everyone at least 80%)"


TRIPLE = " and ".join(f"{kind} of everyone at least 50%" for kind in ("votes", "area", "gold"))


@pytest.mark.parametrize(
    ("goal", "limit", "most"),
    [(NESTED, "NODES", 3), (NESTED, "BARS", 1), (TRIPLE, "NODES", 80)],
    ids=["of one sum", "of one count", "of all sums together"],
)
def test_a_game_whose_sums_differ_too_much_is_tried_set_by_set(
    monkeypatch: pytest.MonkeyPatch, goal: str, limit: str, most: int
) -> None:
    council = with_seats(14)
    expected = at.pivots(council, goal)
    monkeypatch.setattr(diagrams, limit, most)
    assert expected == at.pivots(council, goal)
    with pytest.raises(at.QuestionError, match=r"too many of its sums differ; every set of players would have to be"):
        at.pivots(with_seats(17), goal)


def test_one_quota_is_counted_in_another_way_where_its_sums_differ_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    quota = "seats of everyone at least 60%"
    council = with_seats(17)
    expected = at.pivots(council, quota)
    monkeypatch.setattr("attendance.questions.quotas.Quota.quick", False)
    diagram = at.pivots(council, quota)
    monkeypatch.setattr(diagrams, "NODES", 3)
    assert expected == diagram == at.pivots(council, quota)


TORN = at.case("a might attend\nb might attend\nc attends if a\nc attends only if b")


def test_players_are_tried_one_by_one_where_a_table_would_be_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = at.pivots(TORN, "c", over=["a", "b"])
    monkeypatch.setattr(tables, "TRIES", 1)
    assert expected == at.pivots(TORN, "c", over=["a", "b"])
    with pytest.raises(at.EngineUnsuitable):
        at.pivots(TORN, "c", over=["a", "b"], engine="tables")


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
def test_a_set_of_players_for_which_nothing_can_be_loses(engine: str) -> None:
    for given, winning in (([], 3), (["a or b"], 2)):
        assert winning == at.pivots(TORN, "not c or a", over=["a", "b"], given=given, engine=engine).winning


# --- proofs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [at.always, at.ever])
@pytest.mark.parametrize("given", [["putin", "not putin"], ["never"]])
@pytest.mark.parametrize("over", [[], ["putin"]])
def test_what_no_scenario_can_meet_is_told(ask, given: list[str], over: list[str]) -> None:
    with pytest.raises(at.ImpossibleScenario, match="no outcome can meet this"):
        ask(TALKS, "zelensky", given=given, over=over)


def test_where_every_scenario_is_in_conflict_it_is_proved_of_their_repairs() -> None:
    case = at.case("a attends\na declines\na attends if f\nb attends if a", facts=("f",))
    assert at.ever(case, "a and f", over=["f"])
    assert at.always(case, "a or not f", over=["f"]) == at.always(case, "a or not f", over=["f"], engine="clingo")
    assert not at.ever(case, "a and not b", over=["f"])


def test_where_no_scenario_is_in_conflict_after_all_it_is_proved() -> None:
    """She could be asked for two things at once by her words, but never is by these facts."""
    case = at.case("a attends if f\na attends only if f or g", facts=("f", "g"))
    assert at.always(case, "a or not f", over=["f"])
    assert "f = no" == ", ".join(
        f"{k} = {'yes' if v else 'no'}" for k, v in at.always(case, "a", over=["f"]).counterexample.assume.items()
    )


def test_conflicts_whose_combinations_are_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    two = at.case("a attends if x\na declines if y\nb attends if x2\nb declines if y2", facts=("x", "y", "x2", "y2"))
    over = ["x", "y", "x2", "y2"]
    assert at.ever(two, "a and y and b and y2", over=over)
    monkeypatch.setattr(prove, "MOST", 3)
    with pytest.raises(at.QuestionError, match="4 combinations of conflicts are to be looked at, and at most 3 can be"):
        at.ever(two, "a and y and b and y2", over=over)


# --- chances --------------------------------------------------------------------------------------


def test_slopes_out_of_reach_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = "".join(f"  f{i}: {{probability: 0.5}}\n" for i in range(10))
    says = "".join(f"  - p{i} attends only if f{i} or p{i - 1}\n" for i in range(1, 10))
    people = ", ".join(f"p{i}: " for i in range(10))
    case = at.loads(f"participants: {{{people}}}\nfacts:\n{facts}statements:\n  - p0 attends only if f0\n{says}")
    assert ["f0"] == [name for name, slope in at.sensitivity(case, "p0").items() if any(slope)]
    monkeypatch.setattr(stepping, "DIGITS", 3)
    monkeypatch.setattr(worlds, "PLANES", 1)
    assert 0.5 == float(at.probability(case, "p0", sample=0))
    with pytest.raises(at.QuestionError, match="there is no exact answer in reach"):
        at.sensitivity(case, "p0")


def test_worlds_that_take_too_long_are_told_without_half_of_an_answer() -> None:
    facts = [f"f{i}" for i in range(40)]
    told = ", ".join(f"{fact}: {{probability: 0.3}}" for fact in facts)
    case = at.loads(
        f"participants: {{a: }}\nfacts: {{{told}}}\nstatements: ['a attends if at least 9 of ({', '.join(facts)})']"
    )
    with pytest.raises(at.ResolutionTimeout, match=r"no answer within 0\.2 s") as caught:
        at.probability(case, "a", sample=10_000_000, time_limit=0.2)
    assert not caught.value.known


# --- many scenarios -------------------------------------------------------------------------------


def torn_twice(many: int) -> at.Case:
    lines = [
        f"{who} {says} if at least {many} of ({', '.join(f'{who}{i}' for i in range(many))})"
        for who in "ab"
        for says in ("attends", "declines")
    ]
    return at.case("\n".join([*lines, *(f"{who}{i} might attend" for who in "ab" for i in range(many))]))


def test_scenarios_in_which_either_of_two_parts_is_torn_are_counted_together() -> None:
    for many, told in ((3, 8 + 8 - 1), (11, None)):
        case = torn_twice(many)
        found = at.sweep(case, over=[f"{who}{i}" for who in "ab" for i in range(many)])
        assert told == found.inconsistent


def test_a_rule_of_too_many_parts_is_refused_and_the_rest_told(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    names = [f"x{i}" for i in range(8)]
    odd = " or ".join(f"exactly {k} of ({', '.join(names)})" for k in range(1, 8, 2))
    text = f"participants: [a, b, {', '.join(names)}]\nstatements:\n  - a attends only if {odd}\n  - b attends only if x0\n"
    text = text.replace("  - a attends only if " + odd, f'  - "a attends only if {odd}"')
    monkeypatch.setattr("attendance.model.nesting.MAX_PARTS", 500)
    found = at.sweep(at.loads(text), over=names)
    with pytest.raises(at.QuestionError, match="the rule for a is longer than a condition may be\n    vary fewer"):
        found.rule("a")
    assert "x0" == str(found.rule("b"))
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["sweep", str(tmp_path / "odd.yaml"), *(w for n in names for w in ("--over", n))])
    rows = [line.split(maxsplit=4) for line in done.stdout.splitlines() if line.startswith(("a ", "b "))]
    assert [["a", "128", "128", "0"], ["b", "128", "128", "0"]] == [row[:4] for row in rows]
    assert ["(too long to say, or hangs on more than 20 names)", "x0"] == [row[4] for row in rows]


# --- moment by moment -----------------------------------------------------------------------------


def test_a_moment_that_takes_too_long_is_told_without_half_of_an_answer() -> None:
    """Thirteen pigeons want a hole each, of twelve."""
    birds, holes = range(13), range(12)
    rules = [f"any of ({', '.join(f'p{b}h{h}' for h in holes)})" for b in birds]
    rules += [f"at most 1 of ({', '.join(f'p{b}h{h}' for b in birds)})" for h in holes]
    people = ", ".join(f"p{b}h{h}: " for b in birds for h in holes)
    told = ", ".join(f'"{rule}"' for rule in rules)
    case = at.loads(f"participants: {{{people}}}\nrules: [{told}]\nstatements: [p0h0 might attend]")
    with pytest.raises(at.ResolutionTimeout, match=r"no answer within 0\.5 s") as caught:
        at.timeline(case, time_limit=0.5)
    assert caught.value.known is None


# --- engines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("founded", "engine"), [(False, "sat"), (True, "clingo")])
def test_what_has_too_many_choices_for_a_table_is_searched(founded: bool, engine: str) -> None:
    people = [f"p{i}" for i in range(20)]
    lines = [f"{p} might attend only if at most 12 of others and not {people[i - 1]}" for i, p in enumerate(people)]
    case = at.case("\n".join(lines), rules=["at least 1 of everyone"])
    chosen = at.engine_choices(case, founded=founded)
    assert [(engine, "a search, for too many choices for a table")] == [(c.engine, c.reason) for c in chosen]


# --- who cannot be invited, who is varied, who is counted nowhere -----------------------------------


def test_a_rule_of_the_case_is_among_the_reasons_why_nobody_can_be_invited() -> None:
    case = at.case("a attends if not b\nb attends", rules=["at least 1 of everyone", "not a", "not b"])
    assert "rule.2" in str(at.invitations(case).why_not("a"))


def test_whoever_is_varied_is_their_own_rule() -> None:
    swept = at.sweep(at.case("a attends only if b"), over=["a"])
    assert ["a", "not a", "never"] == [str(swept.rule("a", each)) for each in ("attends", "absent", "undetermined")]


HALF = """
participants: [a, {id: b, probability: 0.3}, {id: z, probability: 0.5}]
gatherings: {talks: {invited: [a, b]}, dinner: {invited: [a]}}
statements:
- {who: a, says: attends if and only if b, at: talks}
- {who: a, says: waits for b, at: dinner}
"""


def test_the_probability_of_whoever_is_counted_nowhere_changes_nothing() -> None:
    found = at.probability(at.loads(HALF), "a")
    assert (0.3, ()) == (float(found), found.warnings)


def test_to_wait_for_somebody_who_is_not_counted_there_links_nobody() -> None:
    case = at.loads(HALF)
    found = influences(case, Scenario(), case.counted)
    assert {"b at talks + a at talks"} == {f"{link.tail} {link.sign} {link.head}" for link in found}


def test_whoever_is_disinclined_without_a_reason_to_come_cannot_be_invited_by_a_rule() -> None:
    said = "{who: a, says: attends only if b, inclination: disinclined}"
    case = at.loads(f"participants: [a, b]\nstatements: [b attends, {said}]\nrules: [a]")
    reasons = "that a comes only where they must, which is never and the rule “a” (rule.1) cannot all be met"
    assert f"There is no invitation: {reasons}." == str(at.invitations(case))


def test_a_gathering_that_a_list_counts_is_a_link() -> None:
    said = "a attends only if at least 1 of (dinner, b)"
    case = at.loads(f"participants: [a, b]\ngatherings: [talks, dinner]\nstatements: ['{said}']")
    found = [(str(link.tail), str(link.head)) for link in influences(case, Scenario(), case.counted)]
    assert [("dinner", "a at talks"), ("b at talks", "a at talks"), ("everyone at dinner", "dinner")] == found


# --- odd input -------------------------------------------------------------------------------------


def test_a_day_that_the_zone_left_out_has_its_own_statements() -> None:
    said = "{who: a, says: attends, said: 2011-12-30}"
    case = at.loads(f"timezone: Pacific/Apia\nparticipants: [a]\nstatements: [{said}]")
    found = {day: at.resolve(case, as_of=f"2011-12-{day}")["a"] for day in (29, 30, 31)}
    assert {29: "undetermined", 30: "attends", 31: "attends"} == found


def test_names_that_are_unknown_and_near_none_are_told_which_there_are() -> None:
    with pytest.raises(at.UnknownName, match=r'known are: ann, "b c"$'):
        at.why(at.loads("participants: [ann, b c]"), "q")
    with pytest.raises(at.UnknownName) as many:
        at.why(at.Case(participants=[f"p{i}" for i in range(13)]), "zz")
    assert many.value.hint is None


@pytest.mark.parametrize("read", [at.load, at.from_ics])
def test_a_path_that_no_file_can_have(read: Callable[[str], object]) -> None:
    with pytest.raises(at.InputError, match="that no file's name can have"):
        read("\ud800.yaml")


def test_nothing_stands_for_no_zone_no_groups_and_no_names() -> None:
    with pytest.raises(at.CaseError, match="unknown time zone ''"):
        at.loads("timezone: ''")
    with pytest.raises(at.CaseError, match="groups: expected"):
        at.case("a attends", groups=0)  # type: ignore[arg-type]
    with pytest.raises(at.UnknownName):
        at.always(at.case("a attends"), "a", over="")
