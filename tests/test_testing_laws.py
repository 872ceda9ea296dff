"""Laws hold of whatever is generated, and each notices what breaks it; so do the state machine and `check_engine`."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test

import attendance as at
from attendance import network as definition
from attendance import testing
from attendance.engines import clingo, sat, tables
from attendance.model.outcome import Frozen
from attendance.model.sayings import Inclination
from tests.sizes import examples_of

FULL = {"people": 3, "gatherings": 2, "groups": 2, "facts": 2, "weights": 1, "rules": 2, "scenarios": 1}
few = examples_of(25)
CASE = at.case("ann attends only if ben\nben might attend\ncleo declines", facts=["rain"])
POSITIVE = at.case("ann attends if ben\nben attends if ann\ncleo attends")


@pytest.mark.parametrize("law", testing.LAWS, ids=lambda law: law.__name__)
def test_laws_hold_of_all_cases(law):
    few(given(testing.timelines(**FULL))(lambda case: law(case)))()
    law(at.load("seeds/istanbul-2025.yaml"))
    law(at.case(""))


@pytest.mark.parametrize("law", testing.POSITIVE_LAWS, ids=lambda law: law.__name__)
def test_laws_hold_of_positive_cases(law):
    few(given(testing.cases(people=4, groups=2, weights=1, signs="positive"))(lambda case: law(case)))()


@pytest.mark.parametrize("law", [*testing.LAWS, *testing.POSITIVE_LAWS], ids=lambda law: law.__name__)
def test_a_law_says_in_a_line_what_it_is_and_when_it_holds(law):
    text = " ".join(law.__doc__.split())
    assert "Holds " in text
    assert law.__doc__.splitlines()[0].endswith(".") or "\n\n" in law.__doc__


# --- each notices what breaks it ---


def turned(found):
    """The resolution with everybody's verdict turned round."""
    other = {"attends": at.Verdict.ABSENT, "absent": at.Verdict.ATTENDS, "undetermined": at.Verdict.ATTENDS}
    return replace(found, verdicts=Frozen({a: other[v] for a, v in found.verdicts.items()}))


def doctored(when):
    """A resolve that is right but where somebody looks."""

    def ask(case, **parts):
        found = at.resolve(case, **parts)
        return turned(found) if when(case, parts) else found

    return ask


def test_names_that_matter():
    with pytest.raises(AssertionError, match="with other names, verdicts differ: zann at zmeeting: attends, and then "):
        testing.names_do_not_matter(CASE, resolve=doctored(lambda case, _: "ann" in case.roster.participants))


def test_an_order_that_matters():
    with pytest.raises(AssertionError, match="in another order, verdicts differ"):
        testing.order_does_not_matter(CASE, resolve=doctored(lambda case, _: case.statements[0].who == "ann"))


def test_explanations_of_something_else():
    def wrong(case, about):
        return replace(at.why(case, about), verdict=at.Verdict.ATTENDS)

    def unproved(case, about):
        told = at.why(case, about)
        return replace(told, certificate=replace(told.certificate, mended=(), needed=()))

    with pytest.raises(AssertionError, match="the verdict is undetermined, and the explanation is of attends"):
        testing.explanations_check(CASE, why=wrong)
    with pytest.raises(AssertionError, match="ann at meeting: the checker refuses the certificate"):
        testing.explanations_check(CASE, why=unproved)


def test_a_text_that_is_not_read_as_it_was():
    def forgetful(case, format):
        return at.dumps(case, format=format).replace("ben might", "cleo might" if format == "toml" else "ben might")

    with pytest.raises(AssertionError) as error:
        testing.round_trips(CASE, dumps=forgetful)
    message, *diff = str(error.value).splitlines()
    assert "written as toml and read again, it is another case:" == message
    assert ["-- ben might attend", "+- cleo might attend"] == [line for line in diff if line[0] in "-+"]
    assert " - ann attends only if ben" in diff
    assert "  ann: {}" not in diff


@pytest.mark.parametrize(
    ("parser", "message"),
    [("parse_saying", "this says something else: "), ("parse_condition", "this is another condition: ")],
)
def test_words_that_are_not_read_as_they_were(monkeypatch, parser, message):
    monkeypatch.setattr(f"attendance.testing.laws.{parser}", lambda text: text)
    with pytest.raises(AssertionError, match=message):
        testing.round_trips(at.case("ann attends if ben", rules=["ann or ben"]))


def test_a_sweep_of_something_else():
    def swept(case, over):
        return [replace(row, verdicts=turned(row).verdicts) for row in at.sweep(case, over=over)]

    with pytest.raises(AssertionError, match=r"with {'rain': .*}, swept and asked one by one, verdicts differ"):
        testing.sweep_equals_resolve(CASE, sweep=swept)
    testing.sweep_equals_resolve(CASE, over=["ben"])
    testing.sweep_equals_resolve(at.case("ann attends"), over=["ann"])


def test_what_cannot_be_is_impossible_in_a_sweep_and_alone():
    swept, asked = (partial(ask, given=["ben"]) for ask in (at.sweep, at.resolve))
    assert [False, True] == [row.possible for row in swept(CASE, over=["ben"])]
    testing.sweep_equals_resolve(CASE, over=["ben"], sweep=swept, resolve=asked)
    with pytest.raises(AssertionError, match=r"with {'ben': False}, .* ann at meeting: absent, and then nothing"):
        testing.sweep_equals_resolve(CASE, over=["ben"], resolve=asked)


def test_only_what_differs_is_told():
    def swept(case, over):
        ann = at.Attendance("ann", "meeting")
        return [
            replace(row, verdicts=Frozen({**row.verdicts, ann: turned(row).verdicts[ann]}))
            for row in at.sweep(case, over=over)
        ]

    with pytest.raises(AssertionError, match=r"verdicts differ: ann at meeting: \w+, and then \w+$"):
        testing.sweep_equals_resolve(CASE, sweep=swept)


def test_a_sweep_that_takes_something_for_impossible():
    def swept(case, over):
        return [replace(row, possible=False) for row in at.sweep(case, over=over)]

    with pytest.raises(AssertionError, match="ann at meeting: nothing, and then "):
        testing.sweep_equals_resolve(CASE, sweep=swept)


def test_a_given_that_changes_what_is_assumed():
    with pytest.raises(AssertionError, match="with rain assumed True, and then given too, verdicts differ"):
        testing.assume_then_given(CASE, resolve=doctored(lambda _, parts: "given" in parts))


def test_a_given_that_filters_nothing():
    with pytest.raises(AssertionError, match="given rain, there are 4 outcomes; in 2 of all it holds"):
        testing.given_filters_outcomes(CASE, outcomes=lambda case, given=(): at.outcomes(case))


def test_a_timeline_that_ends_elsewhere():
    case = at.loads(
        "participants: {ann: }\nstatements: [{who: ann, says: attends, said: 2025-05-01}, {who: ann, says: declines, said: 2025-05-02}]"
    )
    testing.timeline_ends_at_resolve(case)
    with pytest.raises(AssertionError, match="at the end of the timeline, verdicts differ"):
        testing.timeline_ends_at_resolve(case, timeline=lambda case: at.timeline(case)[:1])


def test_engines_that_differ():
    with pytest.raises(AssertionError, match="asked of clingo, verdicts differ"):
        testing.engines_agree(CASE, resolve=doctored(lambda _, parts: parts.get("engine") == "clingo"))
    testing.engines_agree(CASE, engines=["tables"])


def test_clashes_that_differ():
    clash = at.case("ann attends\nann declines")

    def silent(case, **parts):
        found = at.resolve(case, **parts)
        return replace(found, conflicts=()) if parts else found

    with pytest.raises(AssertionError, match=r"asked of auto, clashes differ: \[\['ann.1', 'ann.2'\]\], and then \[\]"):
        testing.engines_agree(clash, resolve=silent)


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        (lambda all_, founded, asked: all_[1:] if not asked else founded, "in every outcome are no founded one: .*ann"),
        (lambda all_, founded, asked: all_ if not asked else [], "no founded one: cleo at meeting; there are none"),
        (lambda all_, founded, asked: [all_[0], *apart(all_[0])] if not asked else founded, "in any outcome are none"),
        (lambda all_, founded, asked: all_ if not asked else [*founded, *apart(all_[0])], "founded, and no outcome"),
    ],
)
def test_outcomes_that_are_not_between(outcomes, message):
    def ask(case, founded=False):
        return outcomes(list(at.outcomes(case, order="fewest")), list(at.outcomes(case, founded=True)), founded)

    testing.between_founded_and_greatest(POSITIVE)
    with pytest.raises(AssertionError, match=message):
        testing.between_founded_and_greatest(POSITIVE, outcomes=ask)


def apart(outcome):
    """The outcome with one more, and with another more."""
    for name in ("ann", "ben"):
        key = at.Attendance(name, "meeting")
        yield replace(outcome, attendances=Frozen({**outcome.attendances, key: True}))


def test_a_further_attends_if_that_loses_somebody():
    with pytest.raises(AssertionError, match="after “ann attends if ben”, there is no more: cleo at meeting"):
        testing.further_attends_if_loses_nobody(POSITIVE, resolve=doctored(lambda case, _: len(case.statements) > 3))
    more = [at.Statement.model_validate("ann attends if cleo")]
    testing.further_attends_if_loses_nobody(POSITIVE, further=more)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (at.case("ann attends", rules=["ann"]), "it has a rule: ann"),
        (at.case("ann sends ben"), "whoever sends another stays away: ann sends ben"),
        (at.case("ann attends unless ben"), "there is a negation in what is said of ann at meeting: not ben"),
        (at.case("ann attends if exactly 1 of (ben, cleo)"), "there is a negation"),
        (at.case("ann attends if at most 1 of (ben, cleo)"), "there is a negation"),
        (at.case("ann attends if none of (ben, cleo)"), "there is a negation"),
        (at.case("ann attends if ben\nann attends only if cleo"), "ann at meeting is bound both ways"),
        (
            at.loads("{gatherings: {talks: {held_if: not ann}}, statements: [ann attends], participants: {ann: }}"),
            "negation in: not ann",
        ),
        (
            at.loads("{participants: {ann: }, statements: [{who: ann, says: attends, inclination: open}]}"),
            "an inclination of its own: ann attends",
        ),
    ],
)
def test_laws_of_positive_cases_refuse_others(case, message):
    for law in testing.POSITIVE_LAWS:
        with pytest.raises(at.QuestionError, match=f"this law is one of positive cases: .*{message}"):
            law(case)


def test_two_negations_are_positive():
    for text in (
        "not not ben",
        "not at most 1 of (ben, cleo)",
        "at most 1 of (not ben, not cleo)",
        "not none of (ben, cleo)",
    ):
        testing.between_founded_and_greatest(at.case(f"ann attends if {text}"))
    testing.between_founded_and_greatest(at.case("ann attends if and only if ben\nben attends if always"))


def test_renaming_everything():
    case = at.loads("""
        gatherings: {talks: {invited: [ann, ben]}, dinner: {held_if: talks is held}}
        participants: {ann: {of: north, weights: {seats: 1}}, ben: {tags: [south]}, cleo: }
        groups: {north: {members: [cleo]}}
        facts: {rain: yes}
        rules: [{rule: "seats of everyone at talks at least 50%", at: dinner}]
        statements:
        - {who: ann, says: sends ben if rain, by: cleo, supersedes: [ben.1]}
        - ben attends if not (all of (ann, north) or talks is held)
        - ben waits for ann at dinner
        - cleo at dinner attends only if north is represented and at least 1 of others
        scenarios: {wet: {assume: {rain: no, cleo at dinner: yes}, given: [ben], add: [cleo at dinner declines]}}
        expect: {"": {ann: absent}}
    """)
    names = {"ann": "zoe", "north": "left", "talks": "tea", "rain": "snow", "cleo": "kim"}
    other = testing.renamed(case, names)
    assert ["zoe", "ben", "kim"] == [p.id for p in other.participants]
    assert ["zoe sends ben if snow", "ben attends if not (all of (zoe, left) or tea is held)"] == [
        s.text for s in other.statements[:2]
    ]
    assert [
        "ben waits for zoe at dinner",
        "kim at dinner attends only if left is represented and at least 1 of others",
    ] == [s.text for s in other.statements[2:]]
    assert ("kim", ("ben.1",)) == (other.statements[0].by, other.statements[0].supersedes)
    assert (("snow", False), ("kim at dinner", True)) == other.scenarios[0].assume
    assert "seats of everyone at tea at least 50%" == str(other.rules[0].rule)
    back = testing.renamed(other, {new: old for old, new in names.items()})
    assert case.model_copy(update={"expect": ()}) == back


# --- engines of others ---


@pytest.mark.parametrize("engine", [tables, clingo, definition], ids=lambda e: e.__name__)
def test_engines_of_the_house_pass(engine):
    tried = testing.check_engine(engine, examples=40, people=3, rules=1)
    assert (80, 0) == (tried.networks, tried.refused)
    assert {"outcomes", "survey", "repairs"} <= set(tried.methods)


def test_an_engine_for_some_networks_alone():
    assert testing.check_engine(sat, examples=40, meanings=["all"]).networks == 40
    with pytest.raises(AssertionError, match=r"the engine refused all of \d+ networks \(founded\)"):
        testing.check_engine(sat, examples=20)

    def timid(network):
        if network.gates:
            raise OverflowError("too much")
        return definition.outcomes(network)

    assert 0 < testing.check_engine(timid, examples=40, refuses=OverflowError, seed=1).refused < 80
    assert testing.check_engine(timid, examples=20, gates=0, signs="positive").refused == 0


def told(engine, **options):
    with pytest.raises(AssertionError) as error:
        testing.check_engine(engine, **{"examples": 300, **options})
    return str(error.value)


def test_the_smallest_disagreement_in_words():
    def credulous(network):
        return definition.outcomes(network.varied(founded=False))

    assert told(credulous) == (
        "the engine differs from the definition in its outcomes, where\n"
        "    ann attends only if ann (s0)\n"
        "    ann is inclined\n"
        "    founded outcomes alone count\n"
        "it finds [nobody], [ann]\n"
        "it should be [nobody]"
    )


class Three:
    """Counts to three."""

    def count(self, network):
        return min(3, len(definition.outcomes(network)))


def test_an_object_is_asked_for_what_it_has():
    assert "in its count, where\n" in told(Three())
    assert told(Three()).endswith("it finds 3\nit should be 4")


def test_an_engine_that_breaks():
    def broken(network):
        raise KeyError("x")

    assert "it finds KeyError: 'x'\nit should be [nobody], [ann]" in told(broken, meanings=["all"])


def test_more_in_words():
    class Unmoved:
        def repairs(self, network):
            return definition.repairs(network)[:1], True

        def clashes(self, network):
            return definition.clashes(network)

    text = told(Unmoved(), rules=2)
    assert "in its repairs, where\n" in text


@pytest.mark.parametrize(
    ("engine", "options", "message"),
    [
        (3, {}, "an engine is a function of a network, or has any of outcomes, count"),
        ("clingo", {}, "an engine is a function of a network, .*, not 'clingo'"),
        (["clingo"], {}, "an engine is a function of a network, .*, not \\['clingo'\\]"),
        (definition, {"meanings": ["some"]}, "the meanings are 'all' and 'founded', not 'some'"),
        (definition, {"meanings": []}, "the meanings are 'all' and 'founded', not \\[\\]"),
        (definition, {"meanings": "all"}, "the meanings are 'all' and 'founded', not 'all'"),
        (definition, {"meanings": None}, "the meanings are 'all' and 'founded', not None"),
        (definition, {"persons": 3}, "unknown option 'persons': there are people"),
        (definition, {"people": 0}, "'people' is a number from 1 up, not 0"),
        (definition, {"facts": -1}, "'facts' is a number from 0 up, not -1"),
        (definition, {"rules": "x"}, "'rules' is a number from 0 up, not 'x'"),
        (definition, {"gates": True}, "'gates' is a number from 0 up, not True"),
        (definition, {"weights": ()}, "'weights' are numbers from 0 up, one or more, not \\(\\)"),
        (definition, {"weights": [-1, 2]}, "'weights' are numbers from 0 up, one or more, not \\[-1, 2\\]"),
        (definition, {"weights": "12"}, "'weights' are numbers from 0 up, one or more, not '12'"),
        (definition, {"signs": "negative"}, "'signs' is 'positive' or 'mixed', not 'negative'"),
        (definition, {"examples": 0}, "'examples' is a number from 1 up, not 0"),
        (definition, {"examples": 2.5}, "'examples' is a number from 1 up, not 2.5"),
        (definition, {"refuses": "x"}, "'refuses' are kinds of errors, not 'x'"),
        (definition, {"refuses": (ValueError, 3)}, "'refuses' are kinds of errors, not .*3"),
    ],
)
def test_what_is_no_engine(engine, options, message):
    with pytest.raises(at.QuestionError, match=message):
        testing.check_engine(engine, **options)


def test_what_networks_refuse():
    with pytest.raises(at.QuestionError, match="'founded' is True or False or None, not 1"):
        testing.networks(founded=1)
    assert {False} == {network.founded for network in some_of(testing.networks(founded=False))}


def some_of(strategy):
    drawn = []
    settings(max_examples=20, database=None, derandomize=True)(given(strategy)(lambda one: drawn.append(one)))()
    return drawn


def blind_to_what_is_given(network):
    return definition.outcomes(network.varied(given=()) if network.rules else network)


def blind_to_what_is_lost(network):
    return definition.outcomes(network.varied(stances=tuple(s._replace(lost=False) for s in network.stances)))


def blind_to_negated_others(network):
    blind = [g.taken is not None and ~g.taken in network.sums[g.sum].literals for g in network.gates]
    gates = tuple(g._replace(taken=None) if b else g for g, b in zip(network.gates, blind, strict=True))
    return definition.outcomes(network.varied(gates=gates))


class BlindToLargeClashes:
    def clashes(self, network):
        return [clash for clash in definition.clashes(network) if len(clash) < 4]


@pytest.mark.parametrize(
    "engine", [blind_to_what_is_given, blind_to_what_is_lost, blind_to_negated_others, BlindToLargeClashes()]
)
def test_what_is_seldom_wrong_is_found_too(engine):
    with pytest.raises(AssertionError, match=r"the engine differs from the definition in its (outcomes|clashes)"):
        testing.check_engine(engine)


def test_networks_in_words():
    g = definition.Gate
    network = definition.Network(
        stances=(
            definition.Stance((definition.Part("s", 5, ~6),), Inclination.OPEN, lost=True),
            definition.Stance(),
            definition.Stance(),
        ),
        facts=2,
        sums=(definition.Sum((0, ~1), (2, 1)), definition.Sum((3,), (1,)), definition.Sum((5,), (1,))),
        gates=(g(0, 2, 1), g(1, 1), g(2, 1), g(2, 5)),
        fixed=(None, True, False, True, None),
        rules=(("r", ~7),),
        given=(3,),
    )
    assert testing.network_in_words(network).splitlines() == [
        "ann attends if g1, and attends only if not g2 (s)",
        "ann has lost a statement to a repair",
        "ben is assumed to attend",
        "cleo is assumed to be absent",
        "rain holds",
        "deal is unknown",
        "g1 is: at least 2 of (2 x ann, not ben), ben taken to be there",
        "g2 is: at least 1 of (rain)",
        "g3 is: at least 1 of (g1)",
        "rule r: not g3",
        "given: rain",
        "all outcomes count",
    ]
    many = definition.Network(stances=(definition.Stance(),) * 13, facts=4, fixed=(None,) * 16 + (False,))
    assert "person13 is open" in testing.network_in_words(many)
    assert "fact4 does not hold" in testing.network_in_words(many)


# --- live systems of others ---

brief = settings(examples_of(20), stateful_step_count=8, derandomize=True, phases=[Phase.generate, Phase.shrink])


def run(machine):
    run_state_machine_as_test(machine, settings=brief)


def test_a_desk_stands_as_its_case():
    run(testing.DeskMachine)


def test_a_desk_that_begins_with_a_case():
    class Istanbul(testing.DeskMachine):
        begins = at.load("seeds/istanbul-2025.yaml")

    run(Istanbul)


def test_a_system_that_does_not_open_is_not_closed():
    class Shut(testing.DeskMachine):
        def open(self, case):
            raise OSError("shut")

        def close(self):
            raise AssertionError("it never opened")

    with pytest.raises(OSError, match="shut"):
        run(Shut)


class Own(testing.DeskMachine):
    """A system that is no desk: it answers by name, in plain text."""

    def open(self, case):
        return [case]

    def say(self, statement):
        self.system.append(statement)

    def withdraw(self, name):
        self.system.remove(next(s for s in self.system[1:] if s.id == name))

    def tick(self, now):
        pass

    def suppose(self, assume):
        return None

    def verdicts(self):
        case, *said = self.system
        return {a.participant: str(v) for a, v in at.resolve(case, add=said).verdicts.items()}


def test_a_system_that_is_no_desk():
    run(Own)


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("withdraw", lambda self, name: None, "ann at meeting: the system says (attends|absent), the case "),
        ("verdicts", lambda self: {}, "ann at meeting: the system says nothing, the case "),
        (
            "verdicts",
            lambda self: {**self.system.verdicts, at.Attendance("ghost", "meeting"): at.Verdict.ATTENDS},
            "ghost at meeting: the system says attends, the case has no such attendance",
        ),
        ("suppose", lambda self, assume: self.verdicts(), "the case attends; with {'ann': True} assumed"),
    ],
)
def test_a_system_that_is_wrong(name, wrong, message):
    with pytest.raises(AssertionError, match=message):
        run(type("Wrong", (testing.DeskMachine,), {name: wrong, "wanted": {"people": 1}}))
