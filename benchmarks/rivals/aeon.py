"""biodivine-aeon: fixed points of the update functions as one binary decision diagram."""

from biodivine_aeon import AsynchronousGraph, BooleanNetwork, FixedPoints
from works import Sweep

from attendance.model.case import Case
from attendance.network import Network
from rivals import NotFitError
from rivals.answers import Counts, Verdicts
from rivals.updates import updates

MOST = 65_534
"""The most variables of its diagrams."""


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false; None without an outcome."""
    if network.atoms > MOST:
        raise NotFitError(f"it takes at most {MOST:,} variables")
    lines = [f"x{atom}, {function}" for atom, function in enumerate(updates(network))]
    made = BooleanNetwork.from_bnet("\n".join(["targets, factors", *lines]))
    graph = AsynchronousGraph(made.infer_valid_graph())  # what a function names without hanging on it goes
    found = FixedPoints.symbolic_vertices(graph)
    if found.is_empty():
        return None
    sides = [
        [graph.mk_subspace_vertices({f"x{atom}": value}).intersect(found) for value in (True, False)]
        for atom in range(network.atoms)
    ]
    return [(not true.is_empty(), not false.is_empty()) for true, false in sides]


def sweep(work: Sweep) -> Counts:
    raise NotFitError("a diagram for each scenario would be built anew")


def opening(case: Case) -> int:
    raise NotFitError("it finds fixed points, and no least sets")
