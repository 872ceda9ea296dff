"""The cheapest choice that meets clauses, which come one by one: each answer leads to the next clause."""

from collections.abc import Iterable, Sequence

from attendance.engines.deadline import Deadline
from attendance.engines.joining import Quest
from attendance.errors import EngineUnsuitable

GREATEST = (1 << 31) - 1
"""What the solver can add up."""


class Choosing:
    """Things to be chosen or not, each with a cost, and clauses: `n` that the thing is chosen, `~n` that it is not."""

    def __init__(self, costs: Sequence[int], deadline: Deadline) -> None:
        from clingo import Control

        if sum(costs) > GREATEST:
            raise EngineUnsuitable("clingo", "the costs are too large, or too fine, to be added up exactly")
        self.deadline = deadline
        self.control = Control(["--models=0", "--seed=1", "--opt-strategy=usc,oll,disjoint", "--opt-usc-shrink=min,10"])
        with self.control.backend() as backend:
            self.things = [backend.add_atom() for _ in costs]
            backend.add_rule(self.things, choice=True)
            backend.add_minimize(0, list(zip(self.things, costs, strict=True)))

    def add(self, clauses: Iterable[Iterable[int]]) -> None:
        """Let every choice from now on meet those clauses."""
        with self.control.backend() as backend:
            for clause in clauses:
                backend.add_rule([], [-self.things[n] if n >= 0 else self.things[~n] for n in clause])

    def derive(self, quest: Quest) -> None:
        """Let what is chosen join, by number, and whoever follows; all that is wanted must have joined."""
        steps = quest.steps
        with self.control.backend() as backend:
            nodes = [backend.add_atom() for _ in range(steps.nodes)]
            for thing, node in zip(self.things, quest.candidates, strict=True):
                backend.add_rule([nodes[node]], [thing])
            for node in steps.start:
                backend.add_rule([nodes[node]])
            for counter in steps.counters:
                if sum(weight for _, weight in counter.premises) > GREATEST:
                    raise EngineUnsuitable("clingo", "the weights are too large to be added up")
                for need, node, unless in counter.thresholds:
                    body = [(nodes[n], weight) for n, weight in counter.premises if n != unless]
                    if need <= sum(weight for _, weight in body):
                        backend.add_weight_rule([nodes[node]], max(need, 0), body)
            for node in quest.wanted:
                backend.add_rule([], [-nodes[node]])

    def cheapest(self) -> frozenset[int] | None:
        """A choice of the least cost that meets all clauses; None where none does. Raises ResolutionTimeout."""
        self.deadline.check()
        with self.control.solve(async_=True) as handle:
            self.deadline.wait(handle.wait)
            model = handle.last()
            return None if model is None else frozenset(n for n, t in enumerate(self.things) if model.is_true(t))
