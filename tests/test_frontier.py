"""Weights of worlds: by planes and by the frontier, against the definition in every world."""

import os
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.engines import elimination
from attendance.engines.deadline import NO
from attendance.engines.frontier import Weight, turned, weigh
from attendance.engines.rows import combinations
from attendance.engines.stepping import TooWide
from attendance.engines.sweeping import Part, Varied, sweep
from attendance.engines.weights import Odds, Scale
from attendance.network import Network, likelihood
from tests.networks import networks
from tests.sizes import shares

Draw = st.DrawFn
examples = shares(int(os.environ.get("ATTENDANCE_EXAMPLES", "120")))
ODDS = st.sampled_from(((1, 1), (1, 2), (0, 1), (9, 1), (1, 0), (7, 13)))


@st.composite
def worlds(draw: Draw, *, founded: bool | None = None) -> tuple[Network, dict[int, Odds]]:
    """A network without lost word, and odds for some of its facts that are not known."""
    network = draw(networks(people=4, facts=4, lost=False, founded=founded))
    free = [a for a in range(network.attendances, network.atoms) if network.fixed[a] is None]
    return network, {a: draw(ODDS) for a in free if draw(st.integers(0, 3))}


def defined(network: Network, odds: Mapping[int, Odds]) -> Weight:
    """The probabilities, world by world."""
    people = [x for x in range(network.attendances) if network.fixed[x] is None]
    chances = {a: Fraction(yes, no + yes) for a, (no, yes) in odds.items()}
    found = {x: likelihood(network, chances, x) for x in people}
    sound = likelihood(network, chances, 0)[0]
    return Weight(
        sound,
        {x: certain for x, (_, certain, _) in found.items()},
        {x: sound - possible for x, (_, _, possible) in found.items()},
    )


def parts_of(network: Network, odds: Mapping[int, Odds]) -> tuple[Part, ...]:
    return Varied(network, tuple(odds), mend=False).parts


@examples(1)
@given(worlds(), st.sampled_from((1, 2, 6)), st.booleans())
def test_the_frontier_weighs_as_the_definition_does(
    of: tuple[Network, dict[int, Odds]], wide: int, alone: bool
) -> None:
    network, odds = of
    expected = defined(network, odds)
    people = [*expected.certain]
    assume(people)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(elimination, "WIDE", wide)
        for targets in [[x] for x in people] if alone else [people]:
            try:
                found = weigh(parts_of(network, odds), odds, targets, NO)
            except TooWide:
                assert network.founded, "what is not founded always fits here"
                return
            assert found.sound == expected.sound
            assert found.certain == {x: expected.certain[x] for x in targets}
            assert found.never == {x: expected.never[x] for x in targets}


@examples(1)
@given(worlds())
def test_planes_weigh_as_the_definition_does(of: tuple[Network, dict[int, Odds]]) -> None:
    network, odds = of
    expected = defined(network, odds)
    found = sweep(parts_of(network, odds), combinations(tuple(odds)).planes(0, 1 << len(odds)), 1 << len(odds), NO)
    scale, full = Scale([*odds.values()]), (1 << (1 << len(odds))) - 1
    sound = full ^ found.torn
    assert not found.impossible
    assert Fraction(scale.weigh(sound), scale.whole) == expected.sound
    for x in expected.certain:
        assert Fraction(scale.weigh(sound & found.there[x]), scale.whole) == expected.certain[x]
        away = full ^ found.there[x] ^ found.open.get(x, 0)
        assert Fraction(scale.weigh(sound & away), scale.whole) == expected.never[x]


# --- plain cases ----------------------------------------------------------------------------------

FACTS = ("f", "g", "h")
FALL: dict[str, Odds] = {"f": (1, 2), "g": (1, 1), "h": (7, 13)}
CAUSES = "a attends if f\nb attends only if a or g\nc might attend only if b\nd attends if h and not b or f"
CIRCLE = "a attends if b or f\nb attends if a and g\nc attends only if d or h and f\nd attends only if c"
OPEN = f"{CIRCLE}\ne might attend if e or a\ni might attend only if i and d"
CROWD = "\n".join(f"p{i} attends if {'fgh'[i]} or at least 2 of others" for i in range(3)) + "\nq attends if p0 and q"
TORN = "a attends only if b or f\nb attends only if not a or g\nc attends if b and h\nd attends if c or not d and f"
KINDS = {"causes": CAUSES, "a circle": CIRCLE, "open": OPEN, "a crowd": CROWD, "against": TORN}


def worded(text: str, **scenario: bool) -> tuple[Network, dict[int, Odds]]:
    """The network of what people said, and the odds of its facts."""
    compiled = compile_case(at.case(text, facts=FACTS), at.Scenario(**scenario))
    first = len(compiled.attendances)
    return compiled.network, {first + i: FALL[name] for i, name in enumerate(compiled.facts)}


def found(network: Network, odds: Mapping[int, Odds]) -> Weight:
    """What the frontier makes of everybody."""
    return weigh(parts_of(network, odds), odds, range(network.attendances), NO)


def same(a: Weight, b: Weight) -> bool:
    return (a.sound, a.certain, a.never) == (b.sound, b.certain, b.never)


@pytest.mark.parametrize("wide", [1, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_plain_cases_weigh_as_the_definition_does(monkeypatch: pytest.MonkeyPatch, kind: str, wide: int) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    network, odds = worded(KINDS[kind])
    expected = defined(network, odds)
    assert same(expected, found(network, odds))
    for x in range(network.attendances):
        alone = weigh(parts_of(network, odds), odds, [x], NO)
        assert same(Weight(expected.sound, {x: expected.certain[x]}, {x: expected.never[x]}), alone)


@pytest.mark.parametrize("kind", ["a circle", "open", "a crowd"])
def test_so_do_founded_ones_that_pull_one_way(kind: str) -> None:
    network, odds = worded(KINDS[kind], founded=True)
    assert same(defined(network, odds), found(network, odds))


def test_founded_ones_that_pull_both_ways_are_left_to_planes() -> None:
    with pytest.raises(TooWide):
        found(*worded(TORN, founded=True))


@pytest.mark.parametrize("several", [False, True], ids=["two", "everybody"])
@pytest.mark.parametrize("kind", KINDS)
def test_however_little_may_be_spent_the_answer_is_right_or_none(kind: str, several: bool) -> None:
    """Where all targets cannot be told in one pass, they are told one by one, if that takes less."""
    network, odds = worded(KINDS[kind])
    people = range(network.attendances) if several else (2, 3)
    whole, right = defined(network, odds), []
    expected = Weight(whole.sound, {x: whole.certain[x] for x in people}, {x: whole.never[x] for x in people})
    for states in range(-1, 200, 3):
        try:
            right.append(same(expected, weigh(parts_of(network, odds), odds, people, NO, states)))
        except TooWide:
            assert not right, "with more to spend there is an answer too"
    assert 1 < len(right) < 66
    assert all(right)


@pytest.mark.parametrize("founded", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_what_turns_on_a_chance_is_what_its_certainty_weighs(kind: str, founded: bool) -> None:
    network, odds = worded(KINDS[kind], founded=founded)
    parts = parts_of(network, odds)
    for targets in [[], *([x] for x in range(network.attendances))]:
        try:
            pairs = turned(parts, odds, targets, NO)
        except TooWide:
            assert (kind, founded) in {("against", True)}
            return
        for atom, pair in pairs.items():
            for weight, sure in zip(pair, ((0, 1), (1, 0)), strict=True):
                expected = defined(network, {**odds, atom: sure})
                assert weight.sound == expected.sound
                assert weight.certain == {x: expected.certain[x] for x in targets}
                assert weight.never == {x: expected.never[x] for x in targets}
