"""python-sat: the formula as clauses, counts by sorting, and the backbone by assumptions."""

from collections.abc import Sequence

from pysat.solvers import Solver
from works import Sweep

from attendance.model.case import Case
from attendance.network import Network
from rivals import NotFitError
from rivals.answers import Counts, Verdicts, as_verdicts, backbone, tally
from rivals.formula import Clause, Formula, formula
from rivals.sorting import comparators

SOLVER = "minisat22"
"""The fastest of its solvers at the mixed works, together with the chunk."""
CHUNK = 5
"""How many literals are tried together."""


def clauses(of: Formula) -> list[Clause]:
    """The formula in clauses alone. The counts of pysat.card go one way; here it takes both, so sums are sorted."""
    found = list(of.clauses)
    sorted_: dict[int, list[int]] = {}
    for count in of.counts:
        members, weights = of.members(count.of)
        if len(set(weights)) > 1:
            raise NotFitError("a sum of different weights")
        if count.of not in sorted_:
            wires = list(members)
            for i, j in comparators(len(wires)):
                a, b, either, both = wires[i], wires[j], of.variable(), of.variable()
                found += [[-a, either], [-b, either], [a, b, -either], [a, -both], [b, -both], [-a, -b, both]]
                wires[i], wires[j] = either, both
            sorted_[count.of] = wires
        wire = sorted_[count.of][-(-count.quota // weights[0]) - 1]
        found += [[-count.head, wire], [count.head, -wire]]
    return found


class Search:
    """A solver that has a formula, and is asked again and again."""

    def __init__(self, of: Formula, name: str = SOLVER) -> None:
        made = clauses(of)
        self.solver = Solver(name=name, bootstrap_with=made)
        self.next = of.size

    def model(self, assumed: Sequence[int]) -> list[int] | None:
        """A model with those literals true, of every variable: one that is in no clause is anything."""
        if not self.solver.solve(assumptions=assumed):
            return None
        found: list[int] = self.solver.get_model()
        return found + list(range(len(found) + 1, self.next + 1))

    def certain(self, variables: Sequence[int], assumed: Sequence[int]) -> set[int] | None:
        """Of those variables the literals that hold in every model with the assumed; None without a model."""
        model = self.model(assumed)
        if model is None:
            return None
        self.solver.set_phases([-model[v - 1] for v in variables])
        _, sure = self.solver.propagate(assumptions=assumed)
        known = {q for q in sure if q == model[abs(q) - 1]} if len(assumed) else set()
        left = [v for v in variables if model[v - 1] not in known]
        return known | backbone(model, left, lambda tried: self.differ(tried, assumed), CHUNK)

    def differ(self, tried: Sequence[int], assumed: Sequence[int]) -> list[int] | None:
        """A model in which one of those literals is false."""
        self.next += 1
        self.solver.add_clause([-self.next, *(-q for q in tried)])
        found = self.model([*assumed, self.next])
        self.solver.add_clause([-self.next])
        if found is None and not assumed:
            for q in tried:
                self.solver.add_clause([q])
        return found


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false; None without an outcome."""
    certain = Search(formula(network)).certain(range(1, network.atoms + 1), [])
    return None if certain is None else as_verdicts(network.atoms, certain)


def sweep(work: Sweep) -> Counts:
    """The counts over all scenarios, in one solver, each scenario as assumptions."""
    network, varied, others = work.compiled()
    search = Search(formula(network))
    found = []
    for values in work.scenarios():
        assumed = [x + 1 if v else -x - 1 for x, v in zip(varied, values, strict=True)]
        certain = search.certain([x + 1 for x in others], assumed)
        assert certain is not None, "the works are such that no scenario clashes"
        found.append([(-x - 1 not in certain, x + 1 not in certain) for x in others])
    return tally(found)


def opening(case: Case) -> int:
    raise NotFitError("who joins through whom is no formula: circles would hold themselves")
