"""Propagation is the same whether a circuit is built for a network, kept, changed from another's, or asked with atoms turned."""

import os
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from attendance import network as definition
from attendance.engines import auto, consistent, propagation, solve
from attendance.engines.evaluation import evaluate
from attendance.engines.parts import components
from attendance.engines.propagation import propagate
from attendance.model.sayings import Inclination
from attendance.network import Network, Stance, holds, is_content, node_of
from tests.networks import VAST, crowds, networks

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 120)
many = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
NETWORKS = st.one_of(networks(people=6), crowds(people=6))


def values_of(network: Network) -> list[bool | None]:
    return list(propagate(network).values)


def anew(network: Network) -> list[bool | None]:
    """The values by a circuit built for this network alone."""
    return values_of(replace(network, origin=None))


@many
@given(NETWORKS, st.data())
def test_a_changed_circuit_is_as_good_as_a_new_one(network: Network, data: st.DataObject) -> None:
    propagation.CHANGED, before = 0, propagation.CHANGED
    try:
        propagate(network)
        ids = data.draw(st.sets(st.sampled_from(network.removable or ("none",)), max_size=2))
        fewer = network.without(ids)
        assert values_of(fewer) == anew(fewer)
        assumed = data.draw(st.dictionaries(st.integers(0, network.atoms - 1), st.booleans(), max_size=2))
        both = fewer.assuming(assumed)
        assert values_of(both) == anew(both)
        assert sorted(propagate(both).two_sided) == sorted(propagate(replace(both, origin=None)).two_sided)
        assert values_of(network) == anew(network), "the first one is as it was"
    finally:
        propagation.CHANGED = before


@many
@given(NETWORKS, st.data())
def test_a_turned_atom_has_no_stance(network: Network, data: st.DataObject) -> None:
    network = nobody_taken(network)  # a gate that takes somebody who was decided before it stays open
    atoms = st.integers(0, network.atoms - 1)
    turned = data.draw(st.dictionaries(atoms, st.sampled_from((None, True, False)), max_size=3))
    stances = tuple(Stance() if x in turned else s for x, s in enumerate(network.stances))
    fixed = tuple(turned.get(a, v) for a, v in enumerate(network.fixed))
    free = replace(network, stances=stances, fixed=fixed)
    found = list(propagate(network, turned).values)
    assume(not is_torn(free, anew(free)))  # who is torn goes with the first bound that is decided
    assert all(a == b or a is None for a, b in zip(found, anew(free), strict=True)), "never more than is certain"
    assert found[: network.atoms] == anew(free)[: network.atoms] or network.gates


@many
@given(networks(people=4))
def test_what_is_decided_holds_in_every_outcome(network: Network) -> None:
    found = propagate(network).values
    for state in definition.outcomes(network):
        pairs = zip(found, definition.values(network, state), strict=True)
        assert all(known is None or known == value for known, value in pairs)


def by_rounds(network: Network) -> list[bool | None]:
    """Kleene's fixpoint, slowly: every bound is read in every round. Nobody may be torn on the way."""
    atoms = list(network.fixed)
    while True:
        of = evaluate(network, atoms)
        more = [v if v is not None else bound(network, x, of) for x, v in enumerate(atoms)]
        if more == atoms:
            return of
        atoms = more


def bound(network: Network, atom: int, of: list[bool | None]) -> bool | None:
    """What the bounds of an atom decide, of what is known of the nodes."""
    if atom >= network.attendances:
        return None
    stance = network.stances[atom]
    lowers, uppers = ([known(q, of) for q in side] for side in (stance.lowers, stance.uppers))
    attends = True in lowers or (stance.inclination is Inclination.INCLINED and all(uppers))
    stays = False in uppers or (stance.inclination is Inclination.DISINCLINED and all(v is False for v in lowers))
    assume(not (attends and stays))
    return True if attends else False if stays else None


def known(literal: int, of: list[bool | None]) -> bool | None:
    value = of[node_of(literal)]
    return value if value is None or literal >= 0 else not value


def is_torn(network: Network, of: list[bool | None]) -> bool:
    """Whether a bound goes against what was decided."""
    for x, stance in enumerate(network.stances):
        if network.fixed[x] is None and of[x] is not None:
            against = stance.uppers if of[x] else tuple(~q for q in stance.lowers)
            if any(known(q, of) is False for q in against):
                return True
    return False


def nobody_taken(network: Network) -> Network:
    return replace(network, gates=tuple(gate._replace(taken=None) for gate in network.gates))


def own_taken(network: Network) -> Network:
    """The network in which each bound takes those whose bound it is to be there, as the compiler makes them."""
    taken = {node_of(q): x for x, s in enumerate(network.stances) for q in (*s.lowers, *s.uppers)}
    gates = (gate._replace(taken=taken.get(network.atoms + i)) for i, gate in enumerate(network.gates))
    return replace(network, gates=tuple(gates))


@many
@given(st.one_of(networks(people=6), crowds(people=6), networks(people=6, gates=10, weights=VAST)))
def test_propagation_is_the_fixpoint_by_rounds(network: Network) -> None:
    network = nobody_taken(network)
    found = by_rounds(network)
    assume(not is_torn(network, found))
    assert values_of(network) == found


@many
@given(crowds(people=6, bounds=10))
def test_a_shared_sum_that_takes_its_reader_as_there_decides_all_that_can_be(network: Network) -> None:
    network = own_taken(network)
    found = by_rounds(network)
    assume(not is_torn(network, found))
    assert values_of(network)[: network.atoms] == found[: network.atoms]


@many
@given(NETWORKS)
def test_what_is_decided_is_in_the_order_of_deciding(network: Network) -> None:
    run = propagate(network)
    assert sorted(run.order) == [node for node, value in enumerate(run.values) if value is not None]
    assert all(known(q, list(run.values)) for q in run.trail)


def decided(network: Network, data: st.DataObject) -> Network:
    """The network with what it leaves open assumed, atom by atom, until propagation decides all."""
    while None in (values := values_of(network)[: network.atoms]):
        atom = data.draw(st.sampled_from([a for a, v in enumerate(values) if v is None]))
        network = network.assuming({atom: data.draw(st.booleans())})
    return network


@many
@given(st.one_of(networks(people=6), crowds(people=6), networks(people=6, gates=10, weights=VAST)), st.data())
def test_the_checks_that_are_skipped_would_pass(network: Network, data: st.DataObject) -> None:
    network = decided(network, data)
    run = propagate(network)
    state = tuple(value is True for value in run.values[: network.atoms])
    assert auto._Sound(network, run).complete == definition.is_outcome(replace(network, founded=False), state)
    assert solve(network, mend=False).consistent == definition.is_outcome(network, state)
    assert consistent(network) == definition.is_outcome(network, state)


@many
@given(NETWORKS)
def test_a_decided_part_is_checked_as_by_the_definition(network: Network) -> None:
    run = propagate(network)
    sound = auto._Sound(network, run)
    of = definition.values(network, tuple(value is True for value in run.values[: network.atoms]))
    for part in components(network):
        if all(run.values[atom] is not None for atom in part.atoms):
            people = [x for x in part.atoms if x < network.attendances]
            kept = all(is_content(network, x, of) for x in people)
            literals = [*(q for _, q in part.rules), *part.given]
            assert sound.holds(part) == (kept and all(holds(q, of) for q in literals))
