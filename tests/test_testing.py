"""What is generated for the tests of others: sound, of the kind that was asked for, and small when it fails."""

from collections import Counter
from graphlib import TopologicalSorter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import find as hypothesis_find
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.statistics import collector

import attendance as at
from attendance import testing
from attendance.model.influence import Kind, influences
from attendance.model.scenario import Scenario
from attendance.testing.positive import why_not_positive
from tests.sizes import examples_of

FULL = {"people": 4, "gatherings": 2, "groups": 2, "facts": 2, "weights": 2, "rules": 2, "scenarios": 2}
some = examples_of(40)
cause = {name: (lambda case, name=name: name in map(str, at.resolve(case).causes.values())) for name in at.Reason}


def find(strategy, wanted):
    found = settings(database=None, max_examples=3000, deadline=None)
    return hypothesis_find(strategy, wanted, settings=found, random=Random(0))


def written(case):
    return at.dumps(case).strip()


@some
@given(testing.cases(**FULL))
def test_cases_are_sound_and_can_be_asked(case):
    assert at.Case.model_validate(case.model_dump(exclude_defaults=True)) == case
    assert at.resolve(case).verdicts
    for scenario in case.scenarios:
        assert at.resolve(case, scenario=scenario.id).verdicts


@pytest.mark.parametrize("strategy", [testing.timelines(**FULL), testing.networks()], ids=["cases", "networks"])
def test_not_a_draw_is_rejected(strategy):
    """Draws that ran out of room do not count: Hypothesis begins with a few that are too short, whatever is drawn."""
    ended = Counter()

    @settings(examples_of(100), suppress_health_check=[HealthCheck.too_slow])
    @given(strategy)
    def run(case):
        assert case is not None

    def count(statistics):
        phases = [phase for name, phase in statistics.items() if name.endswith("-phase")]
        ended.update(each["status"] for phase in phases for each in phase["test-cases"])

    with collector.with_value(count):
        run()
    assert ended["valid"] >= 100
    assert 0 == ended["invalid"]


def test_a_number_is_the_most_and_names_are_just_those():
    sizes = Counter()

    @some
    @given(testing.cases(people=2, facts=["war", "peace"], gatherings=("talks",)))
    def run(case):
        sizes[len(case.participants)] += 1
        assert [f.id for f in case.facts] == ["war", "peace"]
        assert [g.id for g in case.gatherings] == ["talks"]

    run()
    assert {1, 2} == set(sizes)


@some
@given(testing.cases(people=40, statements=1))
def test_there_are_names_for_any_number(case):
    assert len({p.id for p in case.participants}) == len(case.participants) <= 40


@some
@given(testing.cases(contradictions="never", people=3))
def test_never_a_contradiction(case):
    assert at.resolve(case).consistent


@some
@given(testing.timelines(contradictions="never", people=2, rules=2))
def test_never_a_contradiction_in_time(case):
    assert at.resolve(case).consistent


@some
@given(testing.cases(contradictions="always", **FULL))
def test_always_a_contradiction(case):
    assert not at.resolve(case).consistent


@some
@given(testing.cases(signs="positive", people=4, groups=2, weights=1, gatherings=2, rules=0))
def test_positive_cases_pull_one_way(case):
    assert why_not_positive(case) is None
    assert at.resolve(case).consistent


@some
@given(testing.timelines(circles=False, people=4, groups=2, gatherings=2, weights=1))
def test_without_circles(case):
    graph = {}
    for link in influences(case, Scenario(), case.counted):
        if link.head.kind == link.tail.kind == Kind.ATTENDANCE:
            graph.setdefault(link.head, set()).add(link.tail)
        elif link.head.kind is Kind.ATTENDANCE:
            assert link.tail.kind is Kind.FACT
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph)


@some
@given(testing.timelines(statements=8, people=2))
def test_a_timeline_has_dates_and_what_is_withdrawn(case):
    assert len(at.timeline(case)) <= 1 + len({s.said for s in case.statements})
    assert {s.id for s in case.scenarios} <= {"withdrawn"}


@pytest.mark.parametrize(
    "wanted",
    [
        lambda case: any(s.supersedes for s in case.statements),
        lambda case: any(s.also for s in case.statements),
        lambda case: any(s.source for s in case.statements),
        lambda case: bool(case.scenarios),
        lambda case: len(at.timeline(case)) > 2,
    ],
)
def test_what_is_found_in_timelines(wanted):
    assert wanted(hypothesis_find(testing.timelines(), wanted, settings=settings(database=None, phases=["generate"])))


@some
@given(testing.resolutions(people=2))
def test_a_case_with_its_resolution(resolved):
    assert at.resolve(resolved.case) == resolved.resolution


@some
@given(st.data())
def test_scenarios_of_a_case(data):
    case = data.draw(testing.timelines(**FULL))
    scenario = data.draw(testing.scenarios(case))
    assert at.resolve(case, scenario=scenario).verdicts


def test_scenarios_vary_what_they_are_asked_to():
    case = at.case("ann attends if ben\nben might attend")

    @some
    @given(testing.scenarios(case, parts=("assume", "reading"), readings=("literal",)))
    def run(scenario):
        assert scenario.model_fields_set <= {"id", "assume", "reading"}
        assert scenario.reading in (None, "literal")

    run()
    impossible = find(testing.scenarios(case, parts=["given"], possible=False), lambda s: "never" in map(str, s.given))
    with pytest.raises(at.ImpossibleScenario):
        at.resolve(case, scenario=impossible)


@some
@given(st.data())
def test_statements_and_conditions_of_a_case(data):
    case = at.load("seeds/istanbul-2025.yaml")
    said = data.draw(testing.statements(case, who="putin"))
    assert "putin" == said.who
    condition = data.draw(testing.conditions(case))
    assert at.resolve(case, add=[said]).verdicts
    at.always(case, condition)
    assert str(at.condition(str(condition))) == str(condition)


TWO = at.loads("""
    gatherings: {talks: , dinner: , tea: {invited: [ann]}}
    participants: {ann: , paul: }
    statements: [{who: ann, at: dinner, says: attends, said: 2025-05-01}]
""")


def test_statements_of_one_moment():
    drawn = testing.statements(TWO, who="ann", said="2025-05-10")
    declined = find(drawn, lambda said: "ann at dinner declines" == said.text)
    assert "2025-05-10" == str(declined.said)
    assert "absent" == at.resolve(TWO, add=declined)["ann", "dinner"]
    with pytest.raises(NoSuchExample):
        hypothesis_find(
            testing.statements(TWO, said="2025-05-10", dated=True),
            lambda said: said.said != declined.said,
            settings=examples_of(100),
        )


def test_whoever_is_not_invited_can_be_spoken_of_where_nobody_has_spoken_of_them():
    def at_dinner(said):
        return "dinner" == said.at

    assert "paul at dinner attends" == find(testing.statements(TWO, who="paul"), at_dinner).text
    with pytest.raises(NoSuchExample):
        hypothesis_find(testing.statements(TWO, who="paul"), lambda said: "tea" == said.at, settings=examples_of(100))


@pytest.mark.parametrize("strategy", [testing.statements, testing.conditions, testing.scenarios])
def test_what_is_no_case_is_refused_at_once(strategy):
    with pytest.raises(at.QuestionError, match="expected a case, not str"):
        strategy("talks.yaml")


@some
@given(testing.conditions(people=["ann"], groups=0, facts=0, depth=0))
def test_a_condition_of_no_depth_is_a_name(condition):
    assert str(condition) in ("ann", "always", "never")


def test_others_only_where_somebody_is_spoken_of():
    def crowd(condition):
        return "others" in str(condition)

    assert find(testing.conditions(about="ann"), crowd) is not None
    with pytest.raises(NoSuchExample):
        hypothesis_find(testing.conditions(), crowd, settings=examples_of(100))


# --- what fails is small ---


def test_the_smallest_cases():
    assert "participants:\n  ann: {}" == written(find(testing.cases(), lambda case: True))
    clash = find(testing.cases(), lambda case: not at.resolve(case).consistent)
    assert 2 == len(clash.statements)  # ann attends, and she declines or sends ben: both are as short
    assert len(clash.participants) <= 2
    assert not clash.groups
    assert not clash.facts
    depends = find(testing.cases(people=2, facts=0), cause["depends"])
    assert "participants:\n  ann: {}\n  ben: {}\nstatements:\n- ann attends only if ben" == written(depends)
    fact = find(testing.cases(people=1, facts=["rain"]), cause["fact"])
    assert "- ann attends only if rain" in written(fact)
    assert len(fact.statements) <= 2
    three = find(testing.cases(people=8), lambda case: len(case.participants) > 2)
    assert "participants:\n  ann: {}\n  ben: {}\n  cleo: {}" == written(three)


def test_nobody_is_left_who_does_not_matter():
    def comes_to_one_of_two(case):
        return {"attends", "absent"} <= {v for a, v in at.resolve(case).verdicts.items() if a.participant == "ann"}

    found = find(testing.cases(people=8, gatherings=2, contradictions="never"), comes_to_one_of_two)
    assert ["ann"] == [person.id for person in found.participants]


def test_the_smallest_conditions_and_scenarios():
    assert "ann" == str(find(testing.conditions(), lambda c: True))
    assert "at least 1 of (ann, ben)" == str(find(testing.conditions(), lambda c: "at least" in str(c)))
    case = at.case("ann attends\nben declines")
    assert Scenario() == find(testing.scenarios(case), lambda s: True)
    assert Scenario(assume={"ann": True}) == find(testing.scenarios(case), lambda s: s.assume)


# --- what cannot be had ---


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"persons": 3}, "unknown option 'persons': there are people, gatherings"),
        ({"signs": "negative"}, "'signs' is 'positive' or 'mixed', not 'negative'"),
        ({"contradictions": True}, "'contradictions' is 'never' or 'allowed' or 'always'"),
        ({"statements": -1}, "'statements' is a number from 0 up"),
        ({"rules": "two"}, "'rules' is a number from 0 up"),
        ({"people": "ann"}, "'people' is a number from 1 up, or names, not 'ann'"),
        ({"people": 0}, "there has to be at least one of 'people'"),
        ({"gatherings": ()}, "there has to be at least one of 'gatherings'"),
        ({"facts": True}, "'facts' is a number from 0 up, or names"),
        ({"circles": 2}, "'circles' is True or False"),
        ({"people": ["ann", "Ann"]}, "cannot be in one case: the participant 'Ann' differs from 'ann' only by case"),
        ({"people": ["rain"]}, "cannot be in one case: 'rain' is a fact here and a participant elsewhere"),
    ],
)
def test_what_cannot_be_had_is_refused_at_once(wanted, message):
    with pytest.raises(at.QuestionError, match=message):
        testing.cases(**wanted)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda case: testing.conditions(case, depth=-1), "'depth' is a number from 0 up, not -1"),
        (lambda case: testing.conditions(depth="deep"), "'depth' is a number from 0 up, not 'deep'"),
        (lambda case: testing.conditions(about="zed"), "nobody is called 'zed'"),
        (lambda case: testing.conditions(case, about=3), "nobody is called 3"),
        (lambda case: testing.statements(case, who=1), "'who' is a name or names, not 1"),
        (lambda case: testing.scenarios(case, parts=None), "'parts' are some of assume, .*, not None"),
        (lambda case: testing.scenarios(case, parts="add"), "'parts' are some of assume, .*, not 'add'"),
        (lambda case: testing.scenarios(case, readings=None), "'readings' are some of .*, not None"),
        (lambda case: testing.scenarios(case, readings="literal"), "'readings' are some of .*, not 'literal'"),
        (
            lambda case: testing.scenarios(case, readings=["x"]),
            "unknown reading 'x': there are conversational, literal",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_once(made, message):
    with pytest.raises(at.QuestionError, match=message):
        made(at.case("ann attends"))


def test_more_that_is_refused_at_once():
    case = at.case("ann attends")
    with pytest.raises(at.QuestionError, match="unknown part 'asume': there are assume"):
        testing.scenarios(case, parts=["asume"])
    with pytest.raises(at.QuestionError, match=r"nobody is called 'anne'\n    did you mean ann\?"):
        testing.statements(case, who="anne")
    with pytest.raises(at.QuestionError, match=r"nobody is called 'putin'\n    there are ann$"):
        testing.statements(case, who=["ann", "putin"])
    with pytest.raises(at.QuestionError, match=r"'said': expected a date like 2025-05-14 .* not 'later'"):
        testing.statements(case, said="later")
    with pytest.raises(at.QuestionError, match="nobody can be spoken of: there is nobody"):
        testing.statements(at.case(""))
    with pytest.raises(AttributeError, match="no attribute 'casses'"):
        testing.casses  # noqa: B018
    assert set(testing.__all__) == set(dir(testing))


def test_a_module_of_ours_that_is_missing_is_not_taken_for_hypothesis(monkeypatch):
    monkeypatch.setitem(testing._HOMES, "nothing", "attendance.testing.nowhere")
    with pytest.raises(ModuleNotFoundError, match=r"attendance\.testing\.nowhere"):
        testing.nothing  # noqa: B018


def test_statements_without_circles_name_only_who_comes_later():
    case = at.case("ann attends\nben attends\ncem attends")

    @settings(database=None, deadline=None, derandomize=True, max_examples=60)
    @given(testing.statements(case, circles=False))
    def run(statement):
        said = at.Case(participants=case.participants, statements=(statement,))
        assert not at.deadlocks(said)
        assert statement.who not in str(statement.says).split()[1:]

    run()
