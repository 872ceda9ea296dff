"""OR-tools CP-SAT: the formula as Boolean and linear constraints, and the same backbone loop, one worker."""

from collections.abc import Sequence

from ortools.sat.python import cp_model
from works import Sweep

from attendance.model.case import Case
from attendance.network import Network
from rivals import NotFitError
from rivals.answers import Counts, Verdicts, as_verdicts, backbone
from rivals.formula import Formula, formula


def model_of(of: Formula) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The formula as a model, and its variables (the first is of no use)."""
    model = cp_model.CpModel()
    made = [model.new_bool_var("") for _ in range(of.size + 1)]
    read = [*made, *(v.negated() for v in reversed(made[1:]))]  # by the literal, negative ones from the end
    for clause in of.clauses:
        model.add_bool_or([read[q] for q in clause])
    for count in of.counts:
        members, weights = of.members(count.of)
        if sum(weights) >> 62:
            raise NotFitError("it counts in 64 bits")
        weight = cp_model.LinearExpr.weighted_sum([read[q] for q in members], weights)
        model.add(weight >= count.quota).only_enforce_if(read[count.head])
        model.add(weight < count.quota).only_enforce_if(read[-count.head])
    return model, made


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false; None without an outcome."""
    model, made = model_of(formula(network))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    atoms = range(1, network.atoms + 1)

    def solved() -> list[int] | None:
        if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return [v if solver.boolean_value(made[v]) else -v for v in atoms]
        return None

    def differ(tried: Sequence[int]) -> list[int] | None:
        """A model in which as many as it finds of those literals are false, and one at least."""
        against = [made[-q] if q < 0 else made[q].negated() for q in tried]
        model.clear_hints()
        for literal in against:
            model.add_hint(literal, 1)
        model.add_bool_or(against)
        return solved()

    first = solved()
    # One chunk: a clause once added stays, and each that is added later is of fewer literals of those.
    return None if first is None else as_verdicts(network.atoms, backbone(first, list(atoms), differ, network.atoms))


def sweep(work: Sweep) -> Counts:
    """Each scenario would be a search from the start."""
    raise NotFitError("it keeps nothing from one scenario to the next")


def opening(case: Case) -> int:
    raise NotFitError("who joins through whom is no constraint: circles would hold themselves")
