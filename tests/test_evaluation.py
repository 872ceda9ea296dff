"""The values of nodes are those that the gates define, each read by itself; and outcomes are told as by the definition."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from attendance import network as definition
from attendance.engines.evaluation import evaluate, is_kept, is_outcome
from attendance.network import Network, node_of
from tests.networks import LIGHT, VAST, crowds, networks
from tests.sizes import examples_of

NETWORKS = st.one_of(networks(people=3, facts=1), crowds(people=3), networks(people=2, weights=VAST))


def plainly(network: Network, atoms: Sequence[bool | None]) -> list[bool | None]:
    """Gate by gate: what is known for certain, what is possible, and whoever is taken to be there is there."""
    values = list(atoms)
    for gate in network.gates:
        certain = possible = 0
        of = network.sums[gate.sum]
        for literal, weight in zip(of.literals, of.weights, strict=True):
            node = node_of(literal)
            value = True if node == gate.taken else values[node]
            certain += weight if value is (literal >= 0) else 0
            possible += weight if value is None or value is (literal >= 0) else 0
        values.append(True if certain >= gate.quota else False if possible < gate.quota else None)
    return values


@examples_of(150)
@given(st.one_of(networks(people=4, gates=8, weights=LIGHT), crowds(people=4), networks(weights=VAST)), st.data())
def test_a_value_is_what_the_gates_before_it_make(network: Network, data: st.DataObject) -> None:
    known = st.lists(st.sampled_from((None, True, False)), min_size=network.atoms, max_size=network.atoms)
    for atoms in data.draw(st.lists(known, min_size=1, max_size=4)):
        assert plainly(network, atoms) == evaluate(network, atoms)


@examples_of(150)
@given(NETWORKS)
def test_an_outcome_is_what_the_definition_says(network: Network) -> None:
    outcomes = set(definition.outcomes(network))
    kept = set(definition.outcomes(replace(network, founded=False)))
    for state in product((False, True), repeat=network.atoms):
        assert is_outcome(network, state) == (state in outcomes)
        assert is_kept(network, state) == (state in kept)
