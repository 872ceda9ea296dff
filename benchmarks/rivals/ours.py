"""The library itself, asked as the peers are."""

from works import SEED, Sweep

from attendance.compiler import compile_case
from attendance.engines import Memory, solve
from attendance.model.case import Case
from attendance.model.scenario import Scenario
from attendance.network import Network
from attendance.questions.requirements import requirements
from rivals import NotFitError
from rivals.answers import Counts, Verdicts, tally


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false; None without an outcome."""
    solution = solve(network, mend=False)
    return solution.atoms if solution.consistent else None


def one_by_one(work: Sweep) -> Counts:
    """What a sweep counts, by the definition: each scenario a network of its own, solved for itself."""
    network, varied, others = work.compiled()
    memory, found = Memory(), []
    for values in work.scenarios():
        atoms = solve(network.assuming(dict(zip(varied, values, strict=True))), memory=memory).atoms
        found.append([atoms[x] for x in others])
    return tally(found)


def sweep(work: Sweep) -> Counts:
    """For everybody who is not varied, in how many scenarios they attend, are absent, or neither is certain."""
    try:
        from attendance.questions.sweep import sweep as swept
    except ImportError:
        raise NotFitError("this version has no sweeps") from None
    found = swept(
        work.case,
        over=list(work.varied),
        scenario=work.scenario,
        assume=dict.fromkeys(work.frozen, False),
        sample=work.drawn,
        seed=SEED,
    )
    return [_three(found.counts(name)) for name in work.asked()]


def _three(counts: object) -> tuple[int, int, int]:
    """What is counted of one attendance, in order."""
    return counts.attends, counts.absent, counts.undetermined  # type: ignore[attr-defined]


def opening(case: Case) -> int:
    """The fewest who must be assumed to attend so that everybody does."""
    found = requirements(case, "all of everyone").minimum
    assert found is not None
    return len(found)


def network_of(work: Case | Sweep) -> Network:
    """The network of a case, or of a sweep's."""
    return work.compiled()[0] if isinstance(work, Sweep) else compile_case(work, Scenario()).network
