"""Weights of worlds: by planes and by the frontier, against the definition in every world."""

import os
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from attendance.engines import elimination
from attendance.engines.deadline import NO
from attendance.engines.frontier import Weight, weigh
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
