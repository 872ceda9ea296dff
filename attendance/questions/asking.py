"""How every question begins: a case and a scenario, made a network, and what is found of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from attendance.compiler import Compiled, compile_case
from attendance.engines import solve
from attendance.engines.deadline import Deadline
from attendance.engines.solution import Solution
from attendance.errors import ImpossibleScenario, QuestionError, ResolutionTimeout, UnknownName, did_you_mean
from attendance.model.case import Case
from attendance.model.conditions import Condition
from attendance.model.language import parse_condition
from attendance.model.nesting import misfit
from attendance.model.outcome import Frozen, Key, Outcome, Verdict, find_attendance, verdict
from attendance.model.participants import Attendance
from attendance.model.references import Reference, References
from attendance.model.roster import assumed_place
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.values import shown
from attendance.model.words import quote
from attendance.network import State


@dataclass(frozen=True)
class Asked:
    """A question's case in its scenario, compiled and solved."""

    compiled: Compiled
    engine: str
    deadline: Deadline

    @cached_property
    def solution(self) -> Solution:
        """What is found of the network, what is in conflict mended by its minimum repairs.

        Raises EngineError, ResolutionTimeout, ImpossibleScenario.
        """
        return self.solved(mend=True)

    @cached_property
    def strict(self) -> Solution:
        """The same for strict outcomes alone: where something is in conflict there are none."""
        return self.solved(mend=False)

    def solved(self, mend: bool) -> Solution:
        """The network solved, with errors in the words of the case."""
        try:
            return solve(self.compiled.network, self.engine, self.deadline, mend=mend)
        except ResolutionTimeout as error:
            raise self.late(error) from None
        except ImpossibleScenario:
            raise impossible(self.compiled.scenario, self.compiled.case) from None

    @cached_property
    def unfolded(self) -> Compiled:
        """The same with gates that read what is assumed and known, so that an explanation can name it."""
        return compile_case(self.compiled.case, self.compiled.scenario, fold=False, tick=self.deadline.check)

    def late(self, error: ResolutionTimeout) -> ResolutionTimeout:
        """The time-out with what is known by name: the verdicts that are certain already."""
        found: Solution | None = self.__dict__.get("solution")  # to ask for it now would take time again
        known = error.known if isinstance(error.known, dict) else {} if found is None else found.known()
        named = {self.compiled.name(atom): possible for atom, possible in sorted(known.items())}
        verdicts = {a: verdict(*p) for a, p in named.items() if isinstance(a, Attendance)}
        return ResolutionTimeout(str(error), Frozen[Attendance, Verdict](verdicts))

    def atoms(self, names: Iterable[Key]) -> tuple[int, ...]:
        """The atoms that names stand for, each once, in the order of the case. Raises UnknownName, QuestionError."""
        return tuple(sorted({atom for name in names for atom in self.meant(name)}))

    def costs(self, costs: Iterable[tuple[Key, Fraction]]) -> dict[int, Fraction]:
        """The cost of each atom that has one. Raises UnknownName, and QuestionError where it has two."""
        found: dict[int, Fraction] = {}
        for key, cost in costs:
            for atom in self.meant(key):
                if found.setdefault(atom, cost) != cost:
                    raise QuestionError(f"the cost of {self.key(atom)} is given twice, and differs")
        return found

    def meant(self, key: Key) -> tuple[int, ...]:
        """The atoms that a name stands for: one, or of a group those of its members counted at the gathering.

        A group alone is its members at the main gathering. Raises UnknownName, and QuestionError where it is nobody.
        """
        roster, index = self.compiled.case.roster, self.compiled.index
        match key:
            case str():
                place = assumed_place(roster, key)
                name, at = (key, None) if place is None else (place.name, place.at)
            case str() as name, str() as at:
                pass
            case _:
                name, at = "", None
        if roster.kinds.get(name) != "group":
            return (self.atom(key, roster.members),)
        gathering = roster.main if at is None else at
        if gathering not in roster.gatherings:
            raise _no_gathering(gathering, roster.gatherings)
        people = roster.members[name]
        found = tuple(index[a] for p in people if (a := Attendance(p, gathering)) in index)
        if not people:
            raise QuestionError(f"{name} is a group without members: it stands for nobody")
        if not found:
            places = [g for g in roster.gatherings if any(Attendance(p, g) in index for p in people)]
            hint = f"\n    say '{quote(name)} at {quote(places[0])}'" if places else ""
            raise QuestionError(f"nobody of {name} is counted at {gathering}{hint}")
        return found

    def atom(self, key: Key, others: Iterable[str] = ()) -> int:
        """The atom that an attendance or a fact is. Raises UnknownName, as `attendance` does."""
        place = assumed_place(self.compiled.case.roster, key) if isinstance(key, str) else None
        if place is not None and place.at is None and place.name in self.facts:
            return self.facts[place.name]
        return self.compiled.index[self.attendance(key, [*self.facts, *others])]

    @cached_property
    def facts(self) -> Mapping[str, int]:
        """The atom of each fact."""
        return {name: a for a, name in enumerate(self.compiled.facts, len(self.compiled.attendances))}

    def attendance(self, key: Key, others: Iterable[str] = ()) -> Attendance:
        """Whom a key means. Raises UnknownName, with the name that may have been meant, one of `others` perhaps."""
        roster, known = self.compiled.case.roster, self.compiled.attendances
        place = assumed_place(roster, key) if isinstance(key, str) else None
        if place is not None:
            kind = roster.kinds.get(place.name)
            if kind is not None and kind != "participant":
                if kind == "fact" and others:
                    raise UnknownName(f"{place.name} is a fact: it is at no gathering", place.name)
                what = "participant or fact" if others else "participant"
                raise UnknownName(f"{place.name} is a {kind}, not a {what}", place.name)
            if kind is not None and place.at is not None and place.at in roster.gatherings:
                key = Attendance(place.name, place.at)
            elif kind is not None and not any(a.participant == place.name for a in known):
                raise UnknownName(f"{place.name} is counted nowhere", place.name)
            elif kind is not None and place.at is not None:
                raise _no_gathering(place.at, roster.gatherings)
        return find_attendance(known, key, roster.main, others)

    def key(self, atom: int) -> str:
        """The name of an atom as `assume` and `over` take it: with the gathering, where it is not the main one."""
        match self.compiled.name(atom):
            case Attendance(participant, gathering):
                main = gathering == self.compiled.case.roster.main
                return participant if main else f"{quote(participant)} at {quote(gathering)}"
            case fact:
                return fact

    def outcome(self, state: State) -> Outcome:
        """A state with its names."""
        people = len(self.compiled.attendances)
        return Outcome(
            Frozen(zip(self.compiled.attendances, state[:people], strict=True)),
            Frozen(zip(self.compiled.facts, state[people:], strict=True)),
            self.compiled.case.roster.main,
        )


def ask(
    case: Case,
    scenario: str | Scenario | None,
    parts: ScenarioParts,
    engine: str = "auto",
    time_limit: float | None = None,
    goals: Sequence[Condition] = (),
) -> Asked:
    """The case in its scenario, with the parts of the call added; the time limit runs from here.

    Raises CaseError, UnknownName, QuestionError, ResolutionTimeout.
    """
    checked(case)
    deadline = Deadline.after(_seconds(time_limit))
    if unknown := sorted(set(parts) - set(ScenarioParts.__annotations__)):
        known = ScenarioParts.__annotations__
        hint = did_you_mean(unknown[0], known) or f"the parts are: {', '.join(known)}"
        raise QuestionError(f"unknown part of a scenario: {', '.join(unknown)}\n    {hint}")
    given = Scenario(**{k: v for k, v in parts.items() if v is not None}) if parts else None
    compiled = compile_case(case, case.scenario(scenario, given), goals, tick=deadline.check)
    return Asked(compiled, engine, deadline)


def checked(case: Case) -> Case:
    """The case, if it is one. Raises QuestionError."""
    if not isinstance(case, Case):
        kind = type(case).__name__
        raise QuestionError(
            f"expected a case, not {kind}: load one with attendance.load, or make one with attendance.case"
        )
    return case


def _seconds(time_limit: float | None) -> float | None:
    if time_limit is None:
        return None
    if isinstance(time_limit, int | float) and not isinstance(time_limit, bool) and 0 < time_limit < 1e9:
        return float(time_limit)
    raise QuestionError(f"a time limit is a number of seconds above 0, not {shown(time_limit)}")


def goal(case: Case, text: str | Condition, what: str = "goal") -> Condition:
    """What is asked for, from a condition or its text, if the case has all that it names.

    Raises LanguageError, UnknownName, and QuestionError for what is no condition or can never be meant.
    """
    if not isinstance(text, str | Condition):
        raise QuestionError(f"expected a condition or its text, not {shown(text)}")
    wanted = parse_condition(text) if isinstance(text, str) else text
    unfit = misfit(wanted)
    if unfit is not None:
        raise QuestionError(f"the {what}: {unfit}")
    references = References(checked(case).draft, case.roster)
    for problem in references.condition(wanted, Reference((what,))):
        if problem.message.startswith("unknown") and problem.word is not None:
            raise UnknownName(str(replace(problem, hint=None)), problem.word, problem.hint)
        raise QuestionError(str(problem))
    return wanted


def vary(asked: Asked, atoms: Sequence[int], goals: Sequence[Condition] = ()) -> Asked:
    """The question with gates that read those atoms, so that they can be varied. Raises QuestionError."""
    compiled = asked.compiled
    places = [assumed_place(compiled.case.roster, key) for key, _ in compiled.scenario.assume]
    assumed = {place.name for place in places if place is not None}
    for atom in atoms:
        name = compiled.name(atom)
        if compiled.network.fixed[atom] is not None and (isinstance(name, Attendance) or name in assumed):
            raise QuestionError(f"{name} is assumed in the scenario: it cannot be varied too")
    known = any(compiled.network.fixed[a] is not None for a in atoms)
    if not known and not goals:
        return asked
    again = compile_case(compiled.case, compiled.scenario, goals, fold=not known, tick=asked.deadline.check)
    return Asked(again, asked.engine, asked.deadline)


def _no_gathering(name: str, known: Iterable[str]) -> UnknownName:
    return UnknownName(f"unknown gathering {name!r}", name, did_you_mean(name, known))


def several(keys: Iterable[Key] | Key, what: str) -> list[Key]:
    """One name, or several, as a list. Raises QuestionError."""
    if isinstance(keys, str | Attendance):
        return [keys]
    if isinstance(keys, Iterable):
        return list(keys)
    raise QuestionError(f"`{what}` is names, not {shown(keys)}")


def impossible(scenario: Scenario, case: Case) -> ImpossibleScenario:
    """The error that names what is assumed and given, where nothing could make it come true."""
    assumed = [f"{key} = {'yes' if value else 'no'}" for key, value in scenario.assume]
    given = [str(condition) for condition in scenario.given]
    facts = [f"{f.id} = {'yes' if f.value else 'no'}" for f in case.facts if f.value is not None]
    told = [("given", given), ("assumed", assumed), ("known facts", facts)]
    what = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in told if names)
    return ImpossibleScenario(
        f"no outcome can meet this, whatever statements are set aside ({what})\n    assume or give less",
        tuple(given + assumed),
    )
