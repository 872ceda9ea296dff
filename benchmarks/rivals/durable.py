"""durable-rules, by way of the library's own engine `durable`: the least outcome and the greatest, by forward rules."""

from works import Sweep

from attendance.engines import solve
from attendance.errors import EngineUnsuitable
from attendance.model.case import Case
from attendance.network import Network
from rivals import NotFitError
from rivals.answers import Counts, Verdicts


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false."""
    try:
        return solve(network, "durable").atoms
    except EngineUnsuitable as error:
        raise NotFitError(str(error).partition(": ")[2].partition(" (")[0]) from None


def sweep(work: Sweep) -> Counts:
    raise NotFitError("rules are fired for one scenario, and started anew for the next")


def opening(case: Case) -> int:
    raise NotFitError("rules derive, and do not search")
