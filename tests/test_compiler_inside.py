"""The compiler asked directly: each bound, gathering, rule and goal is, in any state, what the plain program reads."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from random import Random

import pytest

import attendance as at
from attendance import network as definition
from attendance.compiler import Compiled, Compiler, compile_case
from attendance.compiler.chances import Chances, drawn
from attendance.gates import Gates
from attendance.model.participants import Attendance
from attendance.model.positions import positions
from attendance.model.sayings import Inclination
from attendance.model.scenario import Scenario
from attendance.network import Network, Part, Stance, holds
from tests import reference
from tests.reference import Reference
from tests.test_wired import FORMS as WIRED
from tests.test_wired import case

SAMPLES = 12
FORMS = [
    *WIRED,
    "at least 3 of (others at talks, bob) at dinner",
    "rain and (dinner or at least 2 of (rain, rain, dinner))",
    "any of ((ann at talks and not bob at talks), cem at talks) at dinner",
    "walk and not walk is held or walk",
]
PLACES = {
    "ann": [{"who": "ann", "says": "attends if and only if {}"}],
    "ann at dinner": [{"who": "ann", "at": "dinner", "says": "attends unless {}"}],
    "dai": [{"who": "dai", "says": "attends only if {}"}],
    "dai sends ann": [{"who": "dai", "says": "sends ann, bob if {}"}],
    "might": [{"who": "ann", "says": "might attend unless {}"}, {"who": "bob", "says": "declines if {}"}],
}


def put(forms: Sequence[str], place: str) -> at.Case:
    """Those forms in one of several places: whoever says one says all. Everybody else comes as facts have it."""
    said = [{**each, "says": each["says"].format(form), "also": True} for form in forms for each in PLACES[place]]
    return at.Case(
        participants=LIKE.participants, facts=LIKE.facts, statements=[*LIKE.statements[:3], *said],
        gatherings=[*LIKE.gatherings, {"id": "walk", "held_if": "bob and rain"}],
    )  # fmt: skip


LIKE = case("f", "ann")


def sampled(compiled: Compiled, seed: str) -> Iterable[tuple[reference.State, list[bool]]]:
    """Some states of all that is not known: as sets of what is true, and as the values of all nodes."""
    random, names = Random(seed), [compiled.name(atom) for atom in range(compiled.network.atoms)]
    for _ in range(SAMPLES):
        state = tuple(random.random() < 0.5 if v is None else v for v in compiled.network.fixed)
        there = frozenset(name for name, true in zip(names, state, strict=True) if true)
        yield there, definition.values(compiled.network, state)


def reads_as(made: at.Case, scenario: Scenario, forms: Sequence[str] = (), *, fold: bool = True) -> None:
    """Whatever the compiler makes of a case is what the plain program reads, one part of a bound after the other."""
    goals = [at.condition(form) for form in forms if "others" not in form]
    compiled, plain = compile_case(made, scenario, goals, fold=fold), Reference(made, scenario)
    assert list(compiled.attendances) == plain.attendances
    stances = compiled.network.stances
    bound = {x: s for x, s in enumerate(stances) if s.parts and s.followed is None}
    assert compiled.choices.keys() == {x for x, s in bound.items() if s.inclination is Inclination.OPEN}
    assert compiled.torn.keys() == {x for x, s in bound.items() if s.lowers and s.uppers}
    assert [*plain.rules] == [name for name, _ in compiled.network.rules]
    read = [*(plain.meaning(goal, plain.main) for goal in goals), *plain.given, *plain.rules.values()]
    read += [plain.held(g) for g in plain.gatherings]
    literals = [*compiled.goals, *compiled.network.given, *(q for _, q in compiled.network.rules)]
    literals += [compiled.held[g] for g in plain.gatherings]
    states = [*sampled(compiled, "".join(forms))]
    for there, of in states:
        assert [reference.holds(meaning, there, there) for meaning in read] == [holds(q, of) for q in literals]
    for x, name in enumerate(compiled.attendances):
        if name in plain.assumed:
            continue
        assert plain.inclination(name) is stances[x].inclination
        halves = plain.positions[name]
        assert [half.statement.id for half in halves] == [part.statement for part in stances[x].parts]
        for there, of in states:
            with_x = there | {name}
            for half, part in zip(halves, stances[x].parts, strict=True):
                lower = half.lower is not None and reference.holds(half.lower, with_x, with_x)
                upper = half.upper is None or reference.holds(half.upper, with_x, with_x)
                assert lower is (part.lower is not None and holds(part.lower, of))
                assert upper is (part.upper is None or holds(part.upper, of))
            lower = any(holds(q, of) for q in stances[x].lowers)
            upper = all(holds(q, of) for q in stances[x].uppers)
            if x in compiled.choices:
                assert (upper and not lower) is holds(compiled.choices[x], of)
            if x in compiled.torn:
                assert (lower and not upper) is holds(compiled.torn[x], of)


EACH = 11
every_form = pytest.mark.parametrize(
    "forms", [FORMS[first : first + EACH] for first in range(0, len(FORMS), EACH)], ids=lambda forms: forms[0]
)


@pytest.mark.parametrize("place", PLACES)
@every_form
def test_every_bound_is_what_the_plain_program_reads(forms: Sequence[str], place: str) -> None:
    reads_as(put(forms, place), Scenario(), forms)


@pytest.mark.parametrize("fold", [True, False])
@every_form
def test_so_it_is_where_much_is_known(forms: Sequence[str], fold: bool) -> None:
    given = [form for form in forms if "others" not in form]
    scenario = Scenario(assume={"bob": True, "cem": False, "rain": True}, given=given)
    reads_as(put(forms, "ann"), scenario, fold=fold)


@every_form
def test_so_it_is_of_rules_at_each_gathering(forms: Sequence[str]) -> None:
    made = put(forms[:1], "dai sends ann")
    asked = [form for form in forms if "others" not in form]
    rules = [at.Rule(id=f"{form} {place}", rule=form, at=place) for form in asked for place in (None, "dinner")]
    made = at.Case(
        participants=made.participants, gatherings=made.gatherings, facts=made.facts, statements=made.statements,
        rules=rules,
    )  # fmt: skip
    reads_as(made, Scenario(withdraw=[rules[-1].id]))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS[:2])
def test_so_it_is_of_one_statement_and_by_the_letter(form: str, place: str) -> None:
    for forms, scenario in [([form], Scenario()), ([form], LETTER), ([form, "f"], LETTER)]:
        reads_as(put(forms, place), scenario)


LETTER = Scenario(reading="literal")


SENT = at.Case(
    participants=["ann", "bob", "cem"],
    gatherings=["talks", "tea"],
    facts=["f"],
    statements=["ann attends if f", "bob sends cem"],
)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(assume={"bob at tea": True}),
        Scenario(given=["bob at tea or f"]),
        Scenario(add=[at.Statement(who="bob", at="tea", says="might attend")]),
    ],
    ids=["assumed", "given", "added"],
)
def test_somebody_is_counted_where_the_scenario_names_them(scenario: Scenario) -> None:
    found = compile_case(SENT, scenario).attendances
    assert Reference(SENT, scenario).attendances == [*found]
    assert Attendance("bob", "tea") in found


def test_by_the_letter_nobody_is_inclined_to_anything() -> None:
    literal, heard = (compile_case(SENT, scenario).network.stances for scenario in (LETTER, Scenario()))
    assert {Inclination.OPEN} == {stance.inclination for stance in literal}
    assert {Inclination.INCLINED, Inclination.DISINCLINED} == {stance.inclination for stance in heard}


# --- what is made once ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sums"),
    [
        ("attends if at least 3 of others", 1),
        ("attends only if at most 4 of everyone", 1),
        ("attends if a majority of others", 1),
        ("attends if at least 3 of north", 1),
        ("attends if north is represented", 1),
        ("attends if co2 of others at least 3", 2),
        ("attends if seats of north at most 3", 2),
        ("attends if talks is held", 1),
    ],
)
def test_a_crowd_that_all_speak_of_is_one_sum(said: str, sums: int) -> None:
    """Twelve of the north say the same. What weighs is a sum of its own, beside that of whether the talks are held."""
    people = [{"id": f"p{i}", "of": "north", "weights": {"co2": 1 + i % 2, "seats": 2}} for i in range(12)]
    made = at.Case(participants=people, gatherings=["talks"], statements=[f"p{i} {said}" for i in range(12)])
    found = compile_case(made, Scenario()).network
    assert sums == len({of for of in found.sums if len(of.literals) > 2})


def test_a_position_asked_for_again_is_the_same_and_of_each_person_their_own() -> None:
    """One statement about its speaker, two about one person, and one about two who are sent."""
    made = at.case(
        """
ann attends if cem
bob sends cem, dai if rain
""",
        facts=["rain"],
    )
    statements = [*made.statements, at.Statement(id="more", who="ann", says="attends only if dai", also=True)]
    made = at.Case(participants=made.participants, facts=made.facts, statements=statements)
    compiler = Compiler(made, Scenario())
    one, two = (positions(made, said, compiler.reading) for said in (statements[:2], statements))
    whole = compiler.compiled(statements[:2]).network.stances
    x = {a.participant: i for i, a in enumerate(compiler.attendances)}
    ann = Attendance("ann", "meeting")
    assert compiler.stance(x["ann"], one[ann]) is whole[x["ann"]]
    both = compiler.stance(x["ann"], two[ann])
    assert ("ann.1", "more") == tuple(part.statement for part in both.parts)
    assert both is compiler.stance(x["ann"], two[ann])
    assert whole[x["ann"]] is compiler.stance(x["ann"], one[ann])
    for name in ("bob", "cem", "dai"):
        assert whole[x[name]] is compiler.stance(x[name], one[Attendance(name, "meeting")])
    assert 4 == len(set(map(id, whole)))
    assert Stance() == compiler.stance(x["ann"], None)


def test_whether_a_gathering_is_held_is_read_by_each_as_if_they_were_there() -> None:
    """So it is no bound for whoever comes only then, whether or not it was asked before for nobody."""
    made = at.Case(
        participants=["ann", "bob"],
        gatherings=["talks"],
        statements=["ann attends only if talks is held", "bob attends only if not talks is held"],
        rules=["talks is held"],
    )
    compiler = Compiler(made, Scenario())
    first, second = compiler.compiled(made.statements), compiler.compiled(())
    assert first.held == second.held
    for state in product((False, True), repeat=2):
        of = definition.values(second.network, state)
        assert any(state) is holds(second.held["talks"], of) is holds(second.network.rules[0][1], of)
    stated = positions(made, made.statements, compiler.reading)
    later = Compiler(made, Scenario())
    later.compiled(())
    for asked in compiler, later:
        ann, bob = (asked.stance(x, stated[a]) for x, a in enumerate(asked.attendances))
        of = definition.values(asked.compiled(()).network, (False, False))
        assert ((), [False]) == (ann.uppers, [holds(q, of) for q in bob.uppers])


def test_what_always_or_never_binds_is_no_bound() -> None:
    made = at.case("ann attends if never\nbob attends only if always\ncem attends only if never")
    ann, bob, cem = compile_case(made, Scenario()).network.stances
    assert ((), (), 1) == (ann.lowers, bob.uppers, len(cem.uppers))


def test_whoever_ticks_may_end_it() -> None:
    class Up(Exception):
        pass

    def tick() -> None:
        raise Up

    for said in ("ann attends", "ann attends if bob\nbob sends ann"):
        with pytest.raises(Up):
            compile_case(at.case(said), Scenario(), tick=tick)


# --- what is warned of ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "warnings"),
    [
        ("co2 of everyone at least 3", ["'co2 of everyone at least 3' can never be: the whole is 0.7"]),
        ("co2 of everyone at least 0.7", []),
        ("co2 of everyone at most 3", []),
        ("co2 of everyone exactly 0.71", ["'co2 of everyone exactly 0.71' can never be: the whole is 0.7"]),
        ("co2 of others at least 0.7", ["'co2 of others at least 0.7' can never be: the whole is 0.6"]),
        ("at least 3 of north", ["'at least 3 of north' can never be: the whole is 2"]),
        ("exactly 3 of north", ["'exactly 3 of north' can never be: the whole is 2"]),
        ("at least 2 of north", []),
        ("at most 3 of north", []),
        ("at least 100% of north", []),
        ("at least 4 of others", ["'at least 4 of others' can never be: the whole is 3"]),
        ("at least 1 of north at dinner", []),
        ("at least 1 of (cem, south at dinner)", ["of south, cem not counted at dinner: a condition on that is false"]),
        ("south at dinner", ["of south, cem not counted at dinner: a condition on that is false"]),
        ("at least 1 of south at dinner", ["of south, cem not counted at dinner: a condition on that is false"]),
        ("cem at dinner", ["cem is not counted at dinner: a condition on that is false"]),
        ("any of (cem at dinner, f)", ["cem is not counted at dinner: a condition on that is false"]),
        ("many at dinner", ["of many, m1, m2, m3, m4, 2 more not counted at dinner: a condition on that is false"]),
        ("few at dinner", ["of few, m1, m2, m3, m4, m5 not counted at dinner: a condition on that is false"]),
    ],
)
def test_what_can_never_be_is_said_once(said: str, warnings: list[str]) -> None:
    like = LIKE
    crowds = {"south": ["bob", "cem"], "many": [f"m{i}" for i in range(1, 7)], "few": [f"m{i}" for i in range(1, 6)]}
    spare = [at.Participant(id=f"m{i}") for i in range(1, 7)] if "many" in said or "few" in said else []
    gatherings = [
        g if g.id != "tea" else at.Gathering(id="tea", invited=[p.id for p in spare]) for g in like.gatherings
    ]
    made = at.Case(
        participants=[*like.participants, *spare],
        gatherings=gatherings,
        facts=like.facts,
        groups=[{"id": name, "members": of} for name, of in crowds.items() if name in said],
        statements=[f"ann attends if {said}", f"bob attends if {said}"]
        if "others" not in said
        else [f"ann attends if {said}", "bob attends"],
    )
    assert warnings == [*compile_case(made, Scenario()).warnings]


# --- chances --------------------------------------------------------------------------------------


def set_aside(stance: Stance, broken: frozenset[str], coin: bool | None) -> Stance:
    """What is left of a stance, and of the choice that it leaves."""
    left = stance.without(broken)
    if coin is None or left.inclination is not Inclination.OPEN:
        return left
    return left._replace(inclination=Inclination.INCLINED if coin else Inclination.DISINCLINED)


@pytest.mark.parametrize("tossed", [False, True])
@pytest.mark.parametrize("inclination", [*Inclination])
def test_a_broken_word_is_set_aside_and_a_coin_falls_for_the_open(inclination: Inclination, tossed: bool) -> None:
    """Somebody, two facts that their bounds read, two words that may be kept or not, and a coin."""
    bounds = [(None, 1), (2, None), (~1, 2), (None, None), (None, ~2)]
    for first, second in product(bounds, repeat=2):
        stance = Stance((Part("s", *first), Part("t", *second)), inclination)
        for kept in ({}, {"s": 3}, {"s": 3, "t": 4}):
            gates = Gates(6)
            made = drawn(gates, 0, stance, 5 if tossed else None, kept)
            assert {"s", "t"} - {part.statement for part in made.parts} <= ({"s", "t"} if tossed else set())
            network = Network((made,), facts=5, sums=tuple(gates.sums), gates=tuple(gates.gates), fixed=(None,) * 6)
            for facts in product((False, True), repeat=5):
                broken = frozenset(name for name, atom in kept.items() if not facts[atom - 1])
                left = set_aside(stance, broken, facts[4] if tossed else None)
                plain = Network((left,), facts=5, fixed=(None, *facts))
                known = network.assuming(dict(enumerate(facts, 1)))
                assert definition.outcomes(plain) == definition.outcomes(known), (stance, kept, facts)


def test_what_is_left_to_chance_ties_nobody_to_anybody() -> None:
    stance = Stance((Part("s", upper=2),), Inclination.INCLINED)
    gates = Gates(5)
    first, second = (drawn(gates, x, stance, None, {"s": 3}) for x in (0, 1))
    (own,), (other,) = ({part.statement for part in made.parts} - {"s"} for made in (first, second))
    assert isinstance(own, str)
    assert own != other
    assert stance is drawn(gates, 0, stance, None, {"t": 3})


def test_a_case_is_compiled_with_its_chances() -> None:
    made = at.case("ann might attend if bob\nbob attends\ncem attends if ann", facts=["rain"])
    half = Fraction(1, 2)
    ann = Attendance("ann", "meeting")
    found = compile_case(made, Scenario(), chances=Chances({}, {ann: half}, {"cem.1": half}))
    assert ({0: 4}, {"cem.1": 5}, 6) == (found.coins, found.kept, found.network.atoms)
    assert (None,) * 6 == found.network.fixed
    both = compile_case(made, Scenario(), chances=Chances({}, {}, {"bob.1": half, "cem.1": half}))
    names = [{part.statement for part in stance.parts} for stance in both.network.stances]
    assert names[1] & names[2] == set()
    assert (2, 2) == (len(names[1]), len(names[2]))
    none = compile_case(made, Scenario(assume={"ann": True}), chances=Chances({}, {ann: half}, {}))
    assert ({}, {}) == (none.coins, none.kept)
