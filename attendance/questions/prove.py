"""Does a property hold in every outcome of every scenario varied, or in some: proved, or an example."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, product
from math import prod
from typing import Any, Literal, Unpack

from attendance.compiler import Compiled
from attendance.engines import consistent, outcome, solve
from attendance.engines.parts import Component, Fragment, combined, components, fragment, reads
from attendance.engines.solution import Solution, repaired
from attendance.errors import ImpossibleScenario, QuestionError, ResolutionTimeout
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.outcome import Frozen, Key, Outcome
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.network import Network, State
from attendance.questions.asking import Asked, ask, goal, impossible, several, vary
from attendance.questions.harmony import never_torn

WIDEST = 16
"""The most varied attendances and facts of one connected part whose combinations are tried one by one."""
MOST = 1 << WIDEST
"""The most combinations that are tried."""

Values = dict[int, bool]


@dataclass(frozen=True)
class Example:
    """An outcome of one scenario: what is assumed there, and what is set aside where statements clash."""

    assume: Frozen[str, bool]
    scenario: Scenario
    outcome: Outcome
    repair: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"assume": dict(self.assume), "outcome": self.outcome.to_dict(), "repair": list(self.repair)}

    def __str__(self) -> str:
        assumed = ", ".join(f"{name} = {'yes' if value else 'no'}" for name, value in self.assume.items())
        aside = f" (with {', '.join(self.repair)} set aside)" if self.repair else ""
        return f"{f'assuming {assumed}: ' if assumed else ''}{self.outcome}{aside}"


@dataclass(frozen=True)
class Proof:
    """Whether a property holds always, or ever: truthy when the answer is yes.

    A false `always` has a `counterexample`, a true `ever` a `witness`. `scenarios` is how many were varied.
    """

    case: str
    scenario: str
    question: Literal["always", "ever"]
    property: str
    proved: bool
    scenarios: int
    counterexample: Example | None = None
    witness: Example | None = None

    def __bool__(self) -> bool:
        return self.proved

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "case": self.case,
            "scenario": self.scenario,
            "question": self.question,
            "property": self.property,
            "proved": self.proved,
            "scenarios": self.scenarios,
            "counterexample": None if self.counterexample is None else self.counterexample.to_dict(),
            "witness": None if self.witness is None else self.witness.to_dict(),
        }

    def __str__(self) -> str:
        of = "" if self.scenarios == 1 else f", in {self.scenarios} scenarios"
        match self.question, self.proved:
            case "always", True:
                return f"always: {self.property}{of}"
            case "always", False:
                return f"not always: {self.property}{of}\ncounterexample: {self.counterexample}"
            case "ever", True:
                return f"possible: {self.property}{of}\nwitness: {self.witness}"
            case _:
                return f"never: {self.property}{of}"


def always(
    case: Case,
    property: str | Condition,
    *,
    scenario: str | Scenario | None = None,
    over: Iterable[Key] | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Proof:
    """Whether a property holds in every outcome of every scenario varied; of the one asked, if none are.

    Varied are all combinations of yes and no of what `over` names, each assumed. Where its statements
    clash, a scenario has the outcomes of its minimum repairs; where nothing can meet it, none.
    Raises as `resolve` does, and QuestionError for what cannot be varied.
    """
    varied = _vary(case, property, over, ask(case, scenario, parts, engine, time_limit))
    found = varied.example(wanted=False)
    return varied.proof("always", str(property), proved=found is None, counterexample=found)


def ever(
    case: Case,
    property: str | Condition,
    *,
    scenario: str | Scenario | None = None,
    over: Iterable[Key] | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Proof:
    """Whether a property holds in some outcome of some scenario varied. Otherwise as `always`."""
    varied = _vary(case, property, over, ask(case, scenario, parts, engine, time_limit))
    found = varied.example(wanted=True)
    return varied.proof("ever", str(property), proved=found is not None, witness=found)


def _vary(case: Case, property: str | Condition, over: Iterable[Key] | None, asked: Asked) -> "_Varied":
    """The question with its goal and what is varied made part of the network."""
    wanted = goal(case, property, "property")
    atoms = asked.atoms(several(() if over is None else over, "over"))
    return _Varied(vary(asked, atoms, [wanted]), atoms)


# --- the scenarios, all at once -------------------------------------------------------------------


@dataclass(frozen=True)
class _Varied:
    """A question put to all scenarios at once.

    An attendance that is varied is one without statements of its own, so the network without those
    has for its outcomes those of all scenarios together, as far as they have any. Connected parts
    of it are independent: a scenario of the whole is one of each part. A part's scenarios that have
    no outcome are looked at by themselves, with their minimum repairs.
    """

    asked: Asked
    atoms: tuple[int, ...]

    @property
    def compiled(self) -> Compiled:
        """The case compiled, with the property as its goal."""
        return self.asked.compiled

    @cached_property
    def network(self) -> Network:
        """The network in which what is varied is free."""
        return self.compiled.network.freeing(frozenset(self.atoms))

    @cached_property
    def parts(self) -> list["_Part"]:
        """Its connected parts, those first that the property hangs on."""
        read = reads(self.network, [self.compiled.goals[0]])
        found = [_Part(self, part) for part in components(self.network)]
        return sorted(found, key=lambda part: read.isdisjoint(part.piece.atoms))

    def solve(self, network: Network, mend: bool) -> Solution:
        """What is found of a network, by the engine asked for, in the time that is left."""
        return solve(network, self.asked.engine, self.asked.deadline, mend=mend)

    def consistent(self, network: Network) -> bool:
        """Whether a network has an outcome, by the same engine in the same time."""
        return consistent(network, self.asked.engine, self.asked.deadline)

    def proof(
        self, question: Literal["always", "ever"], property: str, *, proved: bool, **examples: Example | None
    ) -> Proof:
        """The answer."""
        compiled = self.compiled
        title, name = compiled.case.title, compiled.scenario.id or ""
        return Proof(title, name, question, property, proved, 1 << len(self.atoms), **examples)

    def example(self, wanted: bool) -> Example | None:
        """An outcome of any scenario in which the property is as wanted. Raises ImpossibleScenario."""
        try:
            state = self.state(wanted)
        except ImpossibleScenario:
            raise impossible(self.compiled.scenario, self.compiled.case) from None
        except ResolutionTimeout as error:
            raise ResolutionTimeout(str(error)) from None
        return None if state is None else self.told(state)

    def state(self, wanted: bool) -> State | None:
        """Such an outcome as a state: first among those of all scenarios that have any without repairs."""
        goal = self.compiled.goals[0] if wanted else ~self.compiled.goals[0]
        read = reads(self.network, [goal])
        near = [part for part in self.parts if not read.isdisjoint(part.piece.atoms)]
        rest = [part.first() for part in self.parts if read.isdisjoint(part.piece.atoms)]
        near_ = _Joined(self, near, *combined([p.piece for p in near], self.network, self.network.fixed, [goal]))
        found = near_.strict() if all(part.consistent for part in near) else None
        found = found or near_.mended()
        if found is None:
            return None
        whole = [bool(v) for v in self.network.fixed]
        for piece, state in [*rest, (near_.piece, found)]:
            for atom, value in zip(piece.atoms, state, strict=True):
                whole[atom] = value
        return tuple(whole)

    def told(self, state: State) -> Example:
        """A state as an outcome of its scenario, by name."""
        assume = Frozen((self.asked.key(a), state[a]) for a in self.atoms)
        return Example(
            assume=assume,
            scenario=self.compiled.scenario.with_parts(Scenario(assume=assume)),
            outcome=self.asked.outcome(state),
            repair=self.repair(state),
        )

    def repair(self, state: State) -> tuple[str, ...]:
        """A minimum repair of its scenario that makes a state an outcome, in the order of the case."""
        network = self.network.assuming({a: state[a] for a in self.atoms})
        gone: set[str] = set()
        for part in self.solve(network, mend=False).conflicted:
            piece = fragment(network, part.atoms, network.fixed, part)
            seen = tuple(i if state[a] else ~i for i, a in enumerate(piece.atoms))
            held = piece.network.observing(seen)
            gone.update(repaired(held, self.asked.engine, self.asked.deadline)[0][0])
        ids = [*(s.id for s in self.compiled.statements), *(r.id for r in self.compiled.case.rules)]
        return tuple(str(i) for i in ids if i in gone)


# --- part by part ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """A connected part: its scenarios, and which of them have no outcome of their own."""

    of: _Varied
    component: Component

    @cached_property
    def piece(self) -> Fragment:
        """The part as a network of its own."""
        network = self.of.network
        return fragment(network, self.component.atoms, network.fixed, self.component)

    @cached_property
    def varied(self) -> tuple[int, ...]:
        """What is varied of it, in its own numbers."""
        wanted = frozenset(self.of.atoms)
        return tuple(i for i, atom in enumerate(self.piece.atoms) if atom in wanted)

    @cached_property
    def consistent(self) -> bool:
        """Whether any of its scenarios has an outcome of its own."""
        return self.of.consistent(self.piece.network)

    def first(self) -> tuple[Fragment, State]:
        """Any outcome of any of its scenarios. Raises ImpossibleScenario where there is none."""
        if self.consistent:
            return self.piece, next(self.of.solve(self.piece.network, mend=False).outcomes())
        for values in self.conflicts():
            network = self.piece.network.assuming(values)
            return self.piece, next(self.of.solve(network, mend=True).outcomes(repaired=True))
        raise ImpossibleScenario("no scenario of a part has an outcome, whatever is set aside")

    def conflicts(self) -> Iterator[Values]:
        """Its scenarios without an outcome of their own that can be mended."""
        for values in self.torn():
            try:
                self.of.solve(self.piece.network.assuming(values), mend=True)
            except ImpossibleScenario:
                continue
            yield values

    def torn(self) -> Iterator[Values]:
        """Its scenarios that have no outcome of their own. Raises QuestionError where they are too many to try."""
        if self.consistent and (not self.varied or never_torn(self.piece.network)):
            return
        if len(self.varied) > WIDEST:
            raise QuestionError(
                f"{len(self.varied)} of what is varied hang together, and their statements can clash: "
                f"at most {WIDEST} such can be varied at once\n    vary fewer, or assume some of them"
            )
        seen = self.seen()
        for values in product((False, True), repeat=len(self.varied)):
            self.of.asked.deadline.check()
            chosen = dict(zip(self.varied, values, strict=True))
            if values not in seen and not self.of.consistent(self.piece.network.assuming(chosen)):
                yield chosen

    def seen(self) -> set[State]:
        """Scenarios that are known to have an outcome, as far as a few outcomes tell."""
        if not self.consistent:
            return set()
        size = 1 << len(self.varied)
        found: set[State] = set()
        for state in islice(self.of.solve(self.piece.network, mend=False).outcomes(), 4 * size):
            found.add(tuple(state[i] for i in self.varied))
            if len(found) == size:
                break
        return found


@dataclass(frozen=True)
class _Joined:
    """The parts that the property hangs on as one network, with the literal of what is wanted."""

    of: _Varied
    parts: Sequence[_Part]
    piece: Fragment
    literals: tuple[int, ...]

    @cached_property
    def network(self) -> Network:
        """The network in which only what is wanted counts."""
        return self.piece.network.observing(self.literals)

    def strict(self) -> State | None:
        """An outcome as wanted, of scenarios that have outcomes of their own."""
        return outcome(self.network, (), self.of.asked.engine, self.of.asked.deadline)

    def mended(self) -> State | None:
        """An outcome as wanted where any part is in conflict. Raises ImpossibleScenario, QuestionError."""
        options = [list(self.options(part)) for part in self.parts]
        if not all(options):
            raise ImpossibleScenario("no scenario of a part has an outcome, whatever is set aside")
        if prod(map(len, options)) > MOST:
            raise QuestionError(
                f"{prod(map(len, options))} combinations of conflicts are to be looked at, and at most {MOST} can be\n"
                "    vary fewer, or assume some of them"
            )
        for chosen in product(*options):
            self.of.asked.deadline.check()
            values = {atom: value for each in chosen for atom, value in each.items()}
            solution = self.of.solve(self.piece.network.assuming(values), mend=True)
            if solution.possible(self.literals[0])[0]:
                return next(self.of.solve(self.network.assuming(values), mend=True).outcomes(repaired=True))
        return None

    def options(self, part: _Part) -> Iterator[Values]:
        """What can be chosen of a part: all scenarios that have outcomes together, or one in conflict."""
        here = {atom: i for i, atom in enumerate(self.piece.atoms)}
        for values in chain([{}] if part.consistent else [], part.conflicts()):
            yield {here[part.piece.atoms[i]]: value for i, value in values.items()}
