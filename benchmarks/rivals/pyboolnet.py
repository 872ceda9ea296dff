"""pyboolnet: fixed points from prime implicants, listed one after the other by the solver that comes with it."""

import logging

from works import Sweep

from attendance.model.case import Case
from attendance.network import Network
from rivals import NotFitError
from rivals.answers import Counts, Verdicts
from rivals.updates import updates

MOST = 1_000_000
"""It lists at most so many."""


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false; None without an outcome."""
    logging.disable(logging.ERROR)  # when imported it says which tools for pictures it lacks
    from pyboolnet.file_exchange import bnet2primes
    from pyboolnet.trap_spaces import compute_steady_states

    lines = [f"x{atom}, {function}" for atom, function in enumerate(updates(network))]
    found = compute_steady_states(bnet2primes("\n".join(lines)), max_output=MOST)
    if len(found) >= MOST:
        raise NotFitError("it lists outcomes, and there are too many")
    if not found:
        return None
    values = [{state[f"x{atom}"] for state in found} for atom in range(network.atoms)]
    return [(1 in of, 0 in of) for of in values]


def sweep(work: Sweep) -> Counts:
    raise NotFitError("everything would be built anew for each scenario")


def opening(case: Case) -> int:
    raise NotFitError("it finds fixed points, and no least sets")
