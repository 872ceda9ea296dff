"""clingo: the formula as ground constraints, counts as weight rules; brave consequences, scenarios by assumptions."""

from collections.abc import Sequence

from clingo import Control, Function, Number
from clingo.backend import Backend
from works import Sweep

from attendance.compiler import compile_case
from attendance.model.case import Case
from attendance.model.scenario import Scenario
from attendance.network import Network, node_of
from rivals import NotFitError
from rivals.answers import Counts, Verdicts, tally
from rivals.formula import Formula, formula

WORD = 30
"""clingo counts in 32 bits."""
FRUMPY = ("--configuration=frumpy",)
"""The fastest of its configurations at the mixed works."""
CORES = ("--opt-strategy=usc,oll,disjoint", "--opt-usc-shrink=min,10")
"""The best of its ways to find the least."""


def write(of: Formula, backend: Backend) -> list[int]:
    """The formula as rules; the atom of each variable (of 0 none)."""
    atoms = [0, *(backend.add_atom() for _ in range(of.size))]
    backend.add_rule(atoms[1:], [], choice=True)
    read = [*atoms, *(-atom for atom in reversed(atoms[1:]))]  # by the literal, negative ones from the end
    for clause in of.clauses:
        backend.add_rule([], [-read[q] for q in clause])
    for count in of.counts:
        members, weights = of.members(count.of)
        if sum(weights) >> WORD:
            raise NotFitError("it counts in 32 bits")
        reached = backend.add_atom()
        backend.add_weight_rule([reached], count.quota, list(zip((read[q] for q in members), weights, strict=True)))
        backend.add_rule([], [read[count.head], -reached])
        backend.add_rule([], [-read[count.head], reached])
    return atoms


def verdicts(network: Network) -> Verdicts | None:
    """For every atom whether it can be true and whether it can be false; None without an outcome."""
    control = Control(["--models=0", "--enum-mode=brave", *FRUMPY])
    with control.backend() as backend:
        atoms = write(formula(network), backend)[1 : network.atoms + 1]
        shown = show(backend, atoms)
    return brave(control, shown, [])


def show(backend: Backend, atoms: Sequence[int]) -> list[tuple[int, int]]:
    """Two atoms with names for each: that it is true, and that it is false. So one search finds both."""
    pairs = []
    for number, atom in enumerate(atoms):
        true, false = (backend.add_atom(Function(sign, [Number(number)])) for sign in ("t", "f"))
        backend.add_rule([true], [atom])
        backend.add_rule([false], [-atom])
        pairs.append((true, false))
    return pairs


def brave(control: Control, shown: Sequence[tuple[int, int]], assumptions: Sequence[int]) -> Verdicts | None:
    """What is true in some model, of both signs."""
    with control.solve(assumptions=assumptions, yield_=True) as handle:
        for _ in handle:
            pass
        model = handle.last()  # each has all that is true in those before it
        return None if model is None else [(model.is_true(true), model.is_true(false)) for true, false in shown]


def sweep(work: Sweep) -> Counts:
    """The counts over all scenarios, in one program, each scenario as assumptions."""
    network, varied, others = work.compiled()
    control = Control(["--models=0", "--enum-mode=brave"])
    with control.backend() as backend:
        atoms = write(formula(network), backend)[1:]
        shown = show(backend, [atoms[x] for x in others])
    found = []
    for values in work.scenarios():
        of = brave(control, shown, [atoms[x] if v else -atoms[x] for x, v in zip(varied, values, strict=True)])
        assert of is not None, "the works are such that no scenario clashes"
        found.append(of)
    return tally(found)


def opening(case: Case) -> int:
    """The fewest who must be assumed to attend so that everybody does: derived by rules, and minimised."""
    network = compile_case(case, Scenario()).network
    control = Control(["--models=0", *CORES])
    with control.backend() as backend:
        nodes = [backend.add_atom() for _ in range(network.atoms + len(network.gates))]
        asked = [backend.add_atom() for _ in range(network.attendances)]
        backend.add_rule(asked, [], choice=True)
        for x, stance in enumerate(network.stances):
            backend.add_rule([nodes[x]], [asked[x]])
            backend.add_rule([], [-nodes[x]])
            for lower in stance.lowers:
                backend.add_rule([nodes[x]], [nodes[node_of(lower)]])
        for node, gate in enumerate(network.gates, network.atoms):
            of = network.sums[gate.sum]
            members = list(zip((nodes[q] for q in of.literals), of.weights, strict=True))
            backend.add_weight_rule([nodes[node]], gate.quota, members)
        backend.add_minimize(0, [(atom, 1) for atom in asked])
    with control.solve(yield_=True) as handle:
        for _ in handle:
            pass
        model = handle.last()
        assert model is not None
        return sum(model.cost)
