"""Outcomes by clauses: python-sat, where it is installed; exact for all outcomes, and never sure of its time.

It sets nothing aside, and knows no founded outcomes. The solver works in slices of so many conflicts, in
between which time limits are looked at and an interrupt gets through.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal
from weakref import WeakKeyDictionary, finalize

from attendance.engines.deadline import NO, Deadline
from attendance.engines.formula import formula, sorting
from attendance.errors import EngineMissing, EngineUnsuitable, ResolutionTimeout
from attendance.network import Network, State, Survey

SLICE = 2000
"""The conflicts after which the solver is asked to look up."""

CHUNK = 2
"""How many literals are tried together at first."""


def solvable(network: Network, *, deadline: Deadline = NO) -> bool:
    """Whether there is an outcome."""
    search = _Search(network, deadline)
    if search.model() is None:
        return False
    _BEGUN[network] = search
    return True


def possible(network: Network, deadline: Deadline = NO) -> tuple[tuple[bool, bool], ...] | None:
    """For every atom whether it can be true, and can be false, over all outcomes; None where there is none."""
    search = _BEGUN.pop(network, None) or _Search(network, deadline)
    search.within(deadline)
    found = search.possible(range(1, network.atoms + 1))
    return None if found is None else tuple(found.values())


def count(network: Network, *, set_aside: int = 0, deadline: Deadline = NO) -> int:
    """How many outcomes there are, by going through them."""
    return sum(1 for _ in outcomes(network, set_aside=set_aside, deadline=deadline))


def outcomes(
    network: Network,
    *,
    set_aside: int = 0,
    order: Literal["fewest", "most"] | None = None,
    deadline: Deadline = NO,
) -> Iterator[State]:
    """Every outcome once, found as it is asked for; by how many attend, if an order is given."""
    _refuse(set_aside)
    search = _Search(network, deadline)
    return search.states() if order is None else search.by_count(1 if order == "fewest" else -1)


def survey(
    network: Network,
    literals: Sequence[int],
    crowds: Sequence[Sequence[int]] = (),
    *,
    set_aside: int = 0,
    deadline: Deadline = NO,
) -> Survey | None:
    """What is true of all outcomes; None where there is none.

    When the time is too short for the turnouts alone, ResolutionTimeout carries a Survey without them.
    """
    _refuse(set_aside)
    search = _Search(network, deadline, literals)
    people = dict.fromkeys(x + 1 for crowd in crowds for x in crowd)
    possible = search.possible(list(dict.fromkeys([*map(abs, search.asked), *people])))
    if possible is None:
        return None
    known = tuple(possible[q] if q > 0 else possible[-q][::-1] for q in search.asked)
    try:
        return Survey(known, tuple(search.turnout([x + 1 for x in crowd], possible) for crowd in crowds))
    except ResolutionTimeout as late:
        late.known = Survey(known)
        raise


def repairs(network: Network, *, limit: int = 1000, deadline: Deadline = NO) -> tuple[list[frozenset[str]], bool]:
    """The empty set alone, where there is an outcome. Raises EngineUnsuitable where there is none."""
    if not solvable(network, deadline=deadline):
        _refuse(1)
    return [frozenset()], True


def _refuse(set_aside: int) -> None:
    """Refuses to set anything aside."""
    if set_aside:
        raise EngineUnsuitable("sat", "it sets no statements aside")


def _solver() -> Any:
    """A solver of python-sat, the fastest of them at networks of mixed signs; or EngineMissing."""
    try:
        from pysat.solvers import Minisat22
    except ImportError as error:
        raise EngineMissing(
            "the engine sat needs python-sat, which is not installed: pip install 'attendance[sat]'"
        ) from error
    return Minisat22()


class _Search:
    """A solver that has the formula of a network, and is asked again and again."""

    def __init__(self, network: Network, deadline: Deadline, asked: Sequence[int] = ()) -> None:
        deadline.check()
        made = formula(network, asked, deadline.check)
        self.atoms, self.people, self.asked, self.size = network.atoms, network.attendances, made.asked, made.size
        self.solver = _solver()
        finalize(self, self.solver.delete)  # before Python takes apart what the solver needs for it
        self.within(deadline)
        self.add(made.clauses)

    def within(self, deadline: Deadline) -> None:
        """The time that there is from now on, and the conflicts that there may have been in the end."""
        self.deadline, self.most = deadline, deadline.conflicts
        if self.most is not None:
            self.most += self.solver.accum_stats()["conflicts"]

    def add(self, clauses: Sequence[Sequence[int]]) -> None:
        """What has to hold from now on."""
        add = self.solver.add_clause
        for clause in clauses:
            add(clause)

    def model(self, assumed: Sequence[int] = ()) -> list[int] | None:
        """The literals of a model in which those hold, that of variable `v` at place `v - 1`; None without one."""
        found = None
        while found is None:
            self.deadline.check()
            found = self.slice(list(assumed))
        if not found:
            return None
        model: list[int] = self.solver.get_model()
        return model + list(range(len(model) + 1, self.size + 1))  # a variable in no clause is anything

    def slice(self, assumed: list[int]) -> bool | None:
        """Whether there is a model; None if it takes longer to say. Other threads go on meanwhile."""
        budget, most = SLICE, self.most
        if most is not None:
            budget = min(SLICE, most - self.solver.accum_stats()["conflicts"])
            if budget <= 0:
                raise ResolutionTimeout("a search was given up")
        self.solver.conf_budget(budget)
        found: bool | None = self.solver.solve_limited(assumed, expect_interrupt=True)
        return found

    def possible(self, variables: Sequence[int]) -> dict[int, tuple[bool, bool]] | None:
        """For each variable whether it can be true and can be false; None without a model."""
        certain = self.certain(variables)
        return None if certain is None else {v: (-v not in certain, v not in certain) for v in variables}

    def certain(self, variables: Sequence[int]) -> set[int] | None:
        """The literals of those variables that hold in every model, their backbone; None without a model.

        Many are tried at once: a model in which one of them is false refutes all others that it has otherwise,
        and where there is none, they are all certain. (Marques-Silva, Janota and Lynce, On computing
        backbones of propositional theories, 2010.)
        """
        model = self.model()
        if model is None:
            return None
        left, chunk, certain = [model[v - 1] for v in variables], CHUNK, set[int]()
        while left:
            self.solver.set_phases([-q for q in left])  # so that a model differs from those before as much as it can
            tried = left[:chunk]
            other = self.otherwise(tried)
            if other is None:
                self.add([[q] for q in tried])
                certain.update(tried)
                left, chunk = left[len(tried) :], chunk * 2
            else:
                left, chunk = [q for q in left if other[abs(q) - 1] == q], CHUNK
        return certain

    def otherwise(self, tried: Sequence[int]) -> list[int] | None:
        """A model in which one of those literals is false; None where they hold in all."""
        if len(tried) == 1:
            return self.model([-tried[0]])
        self.size += 1
        switch = self.size
        self.add([[-switch, *(-q for q in tried)]])
        found = self.model([switch])
        self.add([[-switch]])
        return found

    def turnout(self, crowd: Sequence[int], possible: dict[int, tuple[bool, bool]]) -> tuple[int, int]:
        """The fewest and the most of a crowd that attend, by what each of them can do."""
        sure = sum(possible[v] == (True, False) for v in crowd)
        torn = [v for v in crowd if possible[v] == (True, True)]
        wires = self.sorted(torn)
        away = self.fewest([-v for v in torn], [-wire for wire in reversed(wires)])
        return sure + self.fewest(torn, wires), sure + len(torn) - away

    def sorted(self, literals: Sequence[int]) -> list[int]:
        """Literals of which the k-th holds when k of the given do."""
        wires, clauses, self.size = sorting(literals, self.size)
        self.add(clauses)
        return wires

    def fewest(self, literals: Sequence[int], wires: Sequence[int]) -> int:
        """The fewest of some literals that are true in a model, where there is one; by halving."""
        low, high = 0, len(literals)
        while low < high:
            middle = (low + high) // 2
            model = self.model([-wires[middle]])
            if model is None:
                low = middle + 1
            else:
                high = sum(model[abs(q) - 1] == q for q in literals)
        return low

    def states(self, assumed: Sequence[int] = ()) -> Iterator[State]:
        """Every state once, in no order; each is ruled out when it has been found."""
        while (model := self.model(assumed)) is not None:
            found = model[: self.atoms]
            yield tuple(q > 0 for q in found)
            self.add([[-q for q in found]])

    def by_count(self, sign: int) -> Iterator[State]:
        """Every state once, first those where the fewest attend; for the other sign, are absent."""
        wires = self.sorted([sign * (x + 1) for x in range(self.people)])
        for wire in wires:
            yield from self.states([-wire])
        yield from self.states()


_BEGUN: "WeakKeyDictionary[Network, _Search]" = WeakKeyDictionary()
"""Searches that found an outcome, and go on from there when they are asked what is in all of them."""
