"""Propagation is the same whether a circuit is built for a network, kept, changed from another's, or asked with atoms turned."""

import os
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance import network as definition
from attendance.engines import propagation
from attendance.engines.propagation import propagate
from attendance.network import Network, Stance
from tests.networks import crowds, networks

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 300)
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
        assert values_of(network) == anew(network), "the first one is as it was"
    finally:
        propagation.CHANGED = before


@many
@given(NETWORKS, st.data())
def test_a_turned_atom_has_no_stance(network: Network, data: st.DataObject) -> None:
    atoms = st.integers(0, network.atoms - 1)
    turned = data.draw(st.dictionaries(atoms, st.sampled_from((None, True, False)), max_size=3))
    stances = tuple(Stance() if x in turned else s for x, s in enumerate(network.stances))
    fixed = tuple(turned.get(a, v) for a, v in enumerate(network.fixed))
    free = replace(network, stances=stances, fixed=fixed)
    found = list(propagate(network, turned).values)
    assert all(a == b or a is None for a, b in zip(found, anew(free), strict=True)), "never more than is certain"
    assert found[: network.atoms] == anew(free)[: network.atoms] or network.gates


@many
@given(networks(people=4))
def test_what_is_decided_holds_in_every_outcome(network: Network) -> None:
    found = propagate(network).values
    for state in definition.outcomes(network):
        pairs = zip(found, definition.values(network, state), strict=True)
        assert all(known is None or known == value for known, value in pairs)
