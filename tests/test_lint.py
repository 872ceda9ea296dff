"""What `check` warns of: conditions that never change, what nothing touches, what may have been replaced."""

import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import attendance as at
from attendance.model import conditions as c
from attendance.model.sayings import WaitsFor
from attendance.questions.lint import lint
from tests.cases import Asked, asked
from tests.reference import Meaning, Reference, atoms, holds

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 200)
ROOT = Path(__file__).parent.parent


def warned(text: str) -> list[str]:
    return list(at.check(at.loads(text)).warnings)


# --- conditions that never change: the definition ---------------------------------------------------


def standing(case: at.Case) -> Iterator[tuple[str, c.Condition, str, str | None]]:
    """Every condition: where it stands, at which gathering it is read, and about whom."""
    main = case.gatherings[0].id
    for gathering in case.gatherings:
        if gathering.held_if is not None:
            yield f"held_if of {gathering.id}", gathering.held_if, gathering.id, None
    for rule in case.rules:
        yield f"the rule {rule.id}", rule.rule, rule.at or main, None
    said = [(f"the statement {s.id}", s) for s in case.statements]
    for scenario in case.scenarios:
        named = [(s.id or f"'{s.text}'", s) for s in scenario.add]
        said += [(f"the statement {name} in the scenario {scenario.id}", s) for name, s in named]
        for condition in scenario.given:
            yield f"what is given in the scenario {scenario.id}", condition, main, None
    for where, s in said:
        if not isinstance(s.says, WaitsFor) and s.says.condition is not None:
            yield where, s.says.condition, s.at or main, s.who


def always_or_never(meaning: Meaning, own: at.Attendance | None) -> bool | None:
    """Its one value, if it has only one in all states of what it names; whoever it is about is there."""
    free = sorted(atoms(meaning) - {own}, key=str)
    found = set()
    for size in range(len(free) + 1):
        for some in combinations(free, size):
            state = frozenset(some) | ({own} if own is not None else set())
            found.add(holds(meaning, state, state))
            if len(found) == 2:
                return None
    return found.pop()


def expected_of(case: at.Case) -> set[tuple[str, bool]]:
    reference, found = Reference(case), set()
    for where, condition, at_gathering, about in standing(case):
        if isinstance(condition, c.Constant):
            continue
        meaning = reference.meaning(condition, at_gathering, about)
        own = None if about is None else at.Attendance(about, at_gathering)
        value = always_or_never(meaning, own)
        if value is True and is_capacity(reference, condition):
            continue
        if value is not None and not too_large(reference, condition, at_gathering, about):
            text = str(condition)
            found.add((f"{where} ('{text if len(text) <= 80 else text[:77] + '...'}')", value))
    return found


def too_large(reference: Reference, condition: c.Condition, at_gathering: str, about: str | None) -> bool:
    """Whether it asks for more than there is, which is warned of anyway."""
    if not isinstance(condition, c.Tally) or condition.percent or condition.relation == "at most":
        return False
    selected = reference.selected(condition.of, at_gathering, about)
    return Fraction(condition.quota) > sum((reference.weight(m, condition.weight) for m in selected), Fraction(0))


@settings(max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(asked())
def test_conditions_that_never_change_are_just_those(put: Asked) -> None:
    found = set()
    for warning in lint(put.case):
        always = " always holds: " in warning
        assert always or " can never hold: " in warning
        where = warning.removeprefix("the condition of ").rpartition(" always holds" if always else " can never hold")[
            0
        ]
        found.add((where, always))
    assert expected_of(put.case) == found


def is_capacity(reference: Reference, condition: c.Condition) -> bool:
    """At most so many of a crowd or group, which may grow."""
    if not isinstance(condition, c.Tally) or condition.percent or condition.relation != "at most":
        return False
    single = {**reference.people, **reference.facts, **reference.gatherings}
    return any(isinstance(i, c.Crowd) or (isinstance(i, c.Name) and i.name not in single) for i in condition.of.items)


# --- each by itself ---------------------------------------------------------------------------------

PEOPLE = "participants: {ann: , bob: , cem: }\n"
SPOKEN = "statements: [ann attends, bob attends, cem attends]\n"
NEVER = "can never hold: say 'never' if that is meant, or correct it"
ALWAYS = "always holds: leave it out, or correct it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "statements: [ann attends if bob and not bob, bob attends, cem attends]",
            [f"the condition of the statement ann.1 ('bob and not bob') {NEVER}"],
        ),
        (
            "statements: [ann attends if bob or not bob, bob attends, cem attends]",
            [f"the condition of the statement ann.1 ('bob or not bob') {ALWAYS}"],
        ),
        (
            "statements: [ann attends only if ann, bob attends, cem attends]",
            [f"the condition of the statement ann.1 ('ann') {ALWAYS}"],
        ),
        (
            'statements: ["bob attends if at least 1 of (ann, bob)", ann attends, cem attends]',
            [f"the condition of the statement bob.1 ('at least 1 of (ann, bob)') {ALWAYS}"],
        ),
        (
            f"{SPOKEN}rules: [{{id: r, rule: none of everyone and at least 1 of everyone}}]",
            [f"the condition of the rule r ('none of everyone and at least 1 of everyone') {NEVER}"],
        ),
        (
            f"{SPOKEN}gatherings: {{g: {{held_if: ann or not ann}}}}",
            [f"the condition of held_if of g ('ann or not ann') {ALWAYS}"],
        ),
        (
            f"{SPOKEN}scenarios: {{s: {{given: [ann and not ann]}}}}",
            [f"the condition of what is given in the scenario s ('ann and not ann') {NEVER}"],
        ),
        (
            f"{SPOKEN}scenarios: {{s: {{add: [ann attends if bob and not bob]}}}}",
            [
                f"the condition of the statement 'ann attends if bob and not bob' in the scenario s ('bob and not bob') {NEVER}"
            ],
        ),
        (
            'statements: ["ann sends bob if (cem and not cem)", cem attends]',
            [f"the condition of the statement ann.1 ('cem and not cem') {NEVER}"],
        ),
        # what is meant, what is said already, and what can be either
        ("statements: [ann attends if always, bob attends if never, cem declines unless never]", []),
        (
            "statements: [ann attends if at least 5 of everyone, bob attends, cem attends]",
            ["'at least 5 of everyone' can never be: the whole is 3"],
        ),
        (f"{SPOKEN}rules: [at most 12 of everyone]", []),  # so many seats, and few to take them yet
        (
            f"{SPOKEN}rules: ['at most 2 of (ann, bob)']",
            [f"the condition of the rule rule.1 ('at most 2 of (ann, bob)') {ALWAYS}"],
        ),
        ("statements: [ann attends if bob, bob attends if not cem, cem waits for ann]", []),
        ("statements: [ann attends if f, bob attends, cem attends]\nfacts: {f: true}", []),
        (
            "gatherings: {g: {invited: [ann, bob]}}\nstatements: [ann attends if cem, bob attends unless cem]",
            ["cem is not counted at g: a condition on that is false"],
        ),
    ],
)
def test_conditions(text: str, expected: list[str]) -> None:
    assert expected == [w for w in warned(PEOPLE + text) if "nobody speaks" not in w]


def test_a_condition_too_hard_for_the_time_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    # as many pigeons as holes and one more: never, but hard to see
    holes = 11
    pigeons = range(holes + 1)
    somewhere = [" or ".join(f"p{i}h{j}" for j in range(holes)) for i in pigeons]
    alone = [f"at most 1 of ({', '.join(f'p{i}h{j}' for i in pigeons)})" for j in range(holes)]
    case = at.case(f"x attends if {' and '.join([*(f'({s})' for s in somewhere), *alone])}")
    assert [] == list(lint(case, 0.2))


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("", "nobody speaks of cem, and nothing hangs on their coming: speak of them, or leave them out"),
        ("rules: [cem or ann]", None),
        (
            "gatherings: {meeting: {held_if: ann}}\nrules: [meeting is held]",
            "nobody speaks of cem, and nothing hangs on their coming: speak of them, or leave them out",
        ),
        ("rules: [at most 2 of everyone]", None),
        ("groups: {g: [cem]}\nrules: [g]", None),
        ("groups: {g: [cem], h: [g]}\nrules: [at most 1 of h]", None),
        ("rules: [{rule: meeting is held}]", None),
        ("rules: [meeting]", None),
        ("rules: [at most 2 of everyone, at least 1 of everyone, meeting is held]", None),
        ("gatherings: {meeting: , dinner: {invited: [cem]}}", None),
        ("gatherings: {meeting: {held_if: cem}}", None),
        ("scenarios: {s: {assume: {cem: yes}}}", None),
        ("scenarios: {s: {given: [cem]}}", None),
        ("scenarios: {s: {add: [cem attends]}}", None),
        ('expect: {"": {cem: undetermined}}', None),
    ],
)
def test_people_whom_nothing_touches(text: str, touched: str | None) -> None:
    found = [w for w in warned(f"{PEOPLE}statements: [ann attends, bob attends]\n{text}") if "nobody speaks" in w]
    assert ([] if touched is None else [touched]) == found


@pytest.mark.parametrize(
    "said", ["ann sends cem", "ann waits for cem", "{who: ann, says: attends, by: cem}", "ann attends if all of others"]
)
def test_people_of_whom_statements_speak(said: str) -> None:
    assert [] == [w for w in warned(f"{PEOPLE}statements: [{said}, bob attends]") if "nobody speaks" in w]


def test_many_untouched_are_told_shortly() -> None:
    case = at.Case(participants=[f"p{i}" for i in range(9)], statements=["p0 attends"])
    expected = (
        "nobody speaks of p1, p2, p3, p4, 4 more, and nothing hangs on their coming: speak of them, or leave them out"
    )
    assert (expected,) == at.check(case).warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("groups: {g: [ann]}", ["nothing reads the group g: use it in a condition, or leave it out"]),
        ("groups: {g: , h: }", ["nothing reads the groups g, h: use them in a condition, or leave them out"]),
        ("groups: {g: [ann]}\nrules: [g]", []),
        ("groups: {g: [ann], h: [g]}\nrules: [h is represented]", []),
        ("groups: {g: [ann]}\nscenarios: {s: {given: [g]}}", []),
        ("facts: {f: }", ["nothing reads the fact f: use it in a condition, or leave it out"]),
        (
            "facts: {f: }\nscenarios: {s: {assume: {f: yes}}}",
            ["nothing reads the fact f: use it in a condition, or leave it out"],
        ),
        ("facts: {f: }\nscenarios: {s: {given: [f]}}", []),
        ("gatherings: {m: , g: }", ["nothing reads the gathering g: use it in a condition, or leave it out"]),
        ("gatherings: {m: , g: }\nrules: [g is held]", []),
        ("gatherings: {m: , g: }\nrules: [g or ann]", []),
        ("gatherings: {m: , g: {invited: [ann]}}", []),
        ("gatherings: {m: , g: }\nrules: [ann at g]", []),
    ],
)
def test_names_that_nothing_reads(text: str, expected: list[str]) -> None:
    assert expected == [w for w in warned(PEOPLE + SPOKEN + text) if "nothing reads" in w]


def test_a_group_that_people_name_themselves_is_a_label() -> None:
    assert [] == warned(
        "participants: {ann: {of: north, tags: [tall]}}\ngroups: {north: {name: North}}\nstatements: [ann attends]"
    )


def test_weights_that_no_sum_reads() -> None:
    people = "participants: {ann: {weights: {seats: 1, co2: 2}}}\n"
    expected = "nothing reads the weight seats: use it in a condition, or leave it out"
    assert [expected] == warned(f"{people}statements: [ann attends]\nrules: [co2 of everyone at least 1]")
    assert [] == warned(
        f"{people}statements: [ann attends]\nrules: [co2 of everyone at least 1 or seats of ann at least 1]"
    )


OLDER = "{id: old, who: ann, says: attends, said: 2025-05-13"
NEWER = "{id: new, who: ann, says: might attend, by: bob, said: 2025-05-14"


@pytest.mark.parametrize(
    ("old", "new", "warns"),
    [
        (OLDER, NEWER, True),
        (OLDER, f"{NEWER}, also: yes", False),
        (OLDER, f"{NEWER}, supersedes: [old]", False),
        (f"{OLDER}, also: yes", NEWER, False),
        (OLDER, NEWER.replace("by: bob, ", ""), False),  # his own newer word
        (OLDER, NEWER.replace("14", "13"), False),  # of one moment
        (OLDER.replace(", said: 2025-05-13", ""), NEWER, False),
        (OLDER, NEWER.replace(", said: 2025-05-14", ""), False),
        (OLDER, NEWER.replace("might attend", "waits for cem"), False),
        (OLDER, NEWER.replace("who: ann", "who: cem"), False),
    ],
)
def test_an_older_statement_beside_a_newer_one_of_another_speaker(old: str, new: str, warns: bool) -> None:
    text = f"{PEOPLE}statements:\n- {old}}}\n- {new}}}\n- bob attends if cem\n"
    expected = (
        "old (by ann) and the newer new (by bob) about ann at meeting both stand: if the newer one replaces "
        "the other, say so with 'supersedes: [old]'; if not, with 'also: yes'"
    )
    assert [expected] * warns == warned(text)


def test_statements_that_supersede_each_other_in_a_circle_are_refused_with_their_place() -> None:
    with pytest.raises(at.CaseError) as caught:
        at.loads(
            """\
participants: {ann: }
statements:
- {id: a, who: ann, says: attends, supersedes: [b]}
- {id: b, who: ann, says: declines, supersedes: [a]}
"""
        )
    (problem,) = caught.value.problems
    assert "statements supersede each other in a circle: a > b > a" == problem.message
    assert (3, ("statements", 0, "supersedes")) == (problem.line, problem.path)


WARNED = {"granovetter-1978", "largest-number"}
"""A threshold of nobody, and a number that is too large, are what these are about."""


@pytest.mark.parametrize("seed", sorted((ROOT / "seeds").iterdir()), ids=lambda seed: seed.stem)
def test_the_seeds_earn_no_warning_that_is_noise(seed: Path) -> None:
    case = at.load(seed)
    told = [*lint(case), *(w for w in at.check(case).warnings if "not counted" not in w)]
    assert bool(told) is (seed.stem in WARNED)


def test_a_time_limit_is_no_mistake() -> None:
    assert at.check(at.case("a attends if b and not b"), time_limit=30).warnings
