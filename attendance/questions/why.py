"""Why somebody attends, is absent, or is undetermined: the statements that entail it, as a chain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Unpack

from attendance.compiler import Compiled, compile_case
from attendance.engines import solve
from attendance.engines.clashing import shrink
from attendance.engines.propagation import Propagation, propagate
from attendance.model.case import Case
from attendance.model.outcome import Key, Outcome, Verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.statements import Rule, Statement
from attendance.network import Network
from attendance.questions.asking import Asked, ask
from attendance.questions.resolve import Cause, Reason, Resolution, resolution

Thing = Attendance | str
"""An attendance, or a fact."""


@dataclass(frozen=True)
class Step:
    """One step of a chain: what follows, from which statements and rules, given what came before."""

    about: Thing
    value: bool
    because: tuple[Statement | Rule, ...]
    given: tuple[tuple[Thing, bool], ...]
    text: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "about": str(self.about),
            "value": self.value,
            "because": [str(s.id) for s in self.because],
            "given": [[str(thing), value] for thing, value in self.given],
            "text": self.text,
        }


@dataclass(frozen=True)
class Explanation:
    """Why a verdict is what it is.

    `statements` are the ids of a minimal set of statements and rules that entails it: leave one
    out, and it no longer follows. `steps` lead from causes to the verdict. For an undetermined one
    there are a `cause` and, where there are outcomes, `witnesses`: two that differ.
    """

    about: Attendance
    verdict: Verdict
    statements: tuple[str, ...]
    steps: tuple[Step, ...]
    cause: Cause | None
    witnesses: tuple[Outcome, ...]
    headline: str
    notes: tuple[str, ...]

    def text(self) -> str:
        """The explanation as a diplomat would read it aloud."""
        steps = [f"{i}. {step.text}" for i, step in enumerate(self.steps, 1)]
        return "\n".join([self.headline, *steps, *self.notes])

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "about": {"participant": self.about.participant, "gathering": self.about.gathering},
            "verdict": str(self.verdict),
            "statements": list(self.statements),
            "steps": [step.to_dict() for step in self.steps],
            "cause": None
            if self.cause is None
            else {"cause": str(self.cause.cause), "on": [str(n) for n in self.cause.on]},
            "witnesses": [w.to_dict() for w in self.witnesses],
            "text": self.text(),
        }


def why(
    case: Case,
    who: Key,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Explanation:
    """Why the verdict on somebody is what it is. Raises as `resolve` does, and UnknownName."""
    asked = ask(case, scenario, parts, engine, time_limit)
    resolved = resolution(asked)
    about = resolved.attendance(who)
    speech = Speech(asked.compiled)
    if resolved[about] is Verdict.UNDETERMINED:
        return _undetermined(asked, resolved, about, speech)
    if _in_conflict(asked, about):
        return _despite_conflict(asked, resolved, about, speech)
    return _determined(asked, resolved, about, speech)


# --- attends and absent ---------------------------------------------------------------------------


def _determined(asked: Asked, resolved: Resolution, about: Attendance, speech: "Speech") -> Explanation:
    compiled = compile_case(asked.compiled.case, asked.compiled.scenario, fold=False)
    atom, value = compiled.index[about], resolved[about] is Verdict.ATTENDS
    ids = entailing(asked, atom, value)
    chain = Chain(compiled.network.without(set(compiled.network.removable) - set(ids)))
    order = chain.to(atom, value)
    if order is None:
        steps = [speech.together(about, value, ids)]
    else:
        steps = [speech.step(node, chain) for node in order]
    return Explanation(
        about=about,
        verdict=resolved[about],
        statements=ids,
        steps=tuple(steps),
        cause=None,
        witnesses=(),
        headline=f"{speech.name(about)} {'attends' if value else 'is absent'}{speech.where(about)}.",
        notes=(),
    )


def entailing(asked: Asked, atom: int, value: bool) -> tuple[str, ...]:
    """A minimal set of ids that entails an atom's value, the others set aside; in the order of the case.

    Setting aside only adds outcomes, so entailment can only be lost by it, and a set is minimal
    when no member can be left out.
    """
    network = asked.compiled.network
    ids = network.removable
    solution = asked.solution
    run = solution.propagation
    if run is not None and run.values[atom] is not None:
        chain = Chain(network)
        order = chain.to(atom, value)
        used = {i for node in order or () for i in chain.ids(node)}
        ids = tuple(i for i in ids if i in used) if order is not None else ids

    def undecided(kept: Sequence[str]) -> bool:
        left = network.without(set(network.removable) - set(kept))
        can, cannot = solve(left, asked.engine, asked.solution.deadline).atoms[atom]
        return can and cannot

    return tuple(sorted(shrink(ids, undecided), key=network.removable.index))


class Chain:
    """The propagation of a network, read backwards: from what was decided to what decided it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.run: Propagation = propagate(network)
        self.rank = {node: i for i, node in enumerate(self.run.order)}

    def to(self, atom: int, value: bool) -> list[int] | None:
        """The atoms that lead to an atom's value, causes first; None where propagation does not get there."""
        if self.run.values[atom] is not value:
            return None
        needed: set[int] = set()
        stack = [atom]
        while stack:
            node = stack.pop()
            if node not in needed:
                needed.add(node)
                stack += self.premises(node)
        return sorted(needed, key=self.rank.__getitem__)

    def ids(self, atom: int) -> list[str]:
        """The statements whose bounds decided an atom."""
        if atom >= self.network.attendances or self.network.fixed[atom] is not None:
            return []
        return [statement for statement, _ in self.reasons(atom)]

    def reasons(self, x: int) -> list[tuple[str, int | None]]:
        """The statements that decided an attendance, each with the literal that did, true or false."""
        stance, value, values = self.network.stances[x], self.run.values[x], self.run.values
        for part in stance.parts:
            bound = part.lower if value else part.upper
            if bound is not None and self.known(bound) is value and self.before(bound, x):
                return [(part.statement, bound)]
        side = [(p.statement, p.upper if value else p.lower) for p in stance.parts]
        assert values[x] is not None, "asked of what is decided"
        return side

    def premises(self, atom: int) -> list[int]:
        """The atoms that an atom's value was read from."""
        if atom >= self.network.attendances or self.network.fixed[atom] is not None:
            return []
        found: dict[int, None] = {}
        stack = [bound for _, bound in self.reasons(atom) if bound is not None]
        while stack:
            literal = stack.pop()
            node = literal if literal >= 0 else ~literal
            if node < self.network.atoms:
                found[node] = None
            else:
                stack += self.support(node)
        return list(found)

    def support(self, node: int) -> list[int]:
        """Enough literals of a gate, in the order they were decided, to decide the gate."""
        gate = self.network.gates[node - self.network.atoms]
        of = self.network.sums[gate.sum]
        value = self.run.values[node]
        weight, whole = 0, sum(of.weights)
        decided = [
            (self.rank[q if q >= 0 else ~q], q, w)
            for q, w in zip(of.literals, of.weights, strict=True)
            if (q if q >= 0 else ~q) in self.rank and self.before(q, node) and w
        ]
        if gate.taken is not None:
            for q, w in zip(of.literals, of.weights, strict=True):
                if gate.taken in (q, ~q) and (q >= 0) is value:
                    weight += w
        enough: list[int] = []
        for _, q, w in sorted(decided):
            if self.known(q) is not value or gate.taken in (q, ~q):
                continue
            if weight >= (gate.quota if value else whole - gate.quota + 1):
                break
            weight += w
            enough.append(q)
        return enough

    def known(self, literal: int) -> bool | None:
        """The value of a literal, where propagation decides it."""
        value = self.run.values[literal if literal >= 0 else ~literal]
        return value if value is None or literal >= 0 else not value

    def before(self, literal: int, node: int) -> bool:
        """Whether a literal was decided before a node."""
        return self.rank[literal if literal >= 0 else ~literal] < self.rank[node]


# --- undetermined, and in conflict ----------------------------------------------------------------


def _undetermined(asked: Asked, resolved: Resolution, about: Attendance, speech: "Speech") -> Explanation:
    cause = resolved.causes[about]
    witnesses = tuple(_witnesses(asked, about))
    own = [p.statement for p in asked.compiled.network.stances[asked.compiled.index[about]].parts]
    return Explanation(
        about=about,
        verdict=Verdict.UNDETERMINED,
        statements=(),
        steps=(),
        cause=cause,
        witnesses=witnesses,
        headline=f"Whether {speech.name(about)} attends{speech.where(about)} is undetermined.",
        notes=(
            *(f"{speech.name(about)} said: {speech.quoted(i)}." for i in own),
            speech.cause(about, cause, resolved),
            *_difference(witnesses, about, speech),
        ),
    )


def _despite_conflict(asked: Asked, resolved: Resolution, about: Attendance, speech: "Speech") -> Explanation:
    value = "attends" if resolved[about] is Verdict.ATTENDS else "is absent"
    return Explanation(
        about=about,
        verdict=resolved[about],
        statements=(),
        steps=(),
        cause=None,
        witnesses=(),
        headline=f"{speech.name(about)} {value}{speech.where(about)}, whichever statement is set aside:",
        notes=tuple(speech.clashing(resolved)),
    )


def _in_conflict(asked: Asked, about: Attendance) -> bool:
    atom = asked.compiled.index[about]
    return any(atom in part.atoms for part in asked.solution.conflicted)


def _witnesses(asked: Asked, about: Attendance) -> Iterator[Outcome]:
    """An outcome in which they attend and one in which they do not, as alike as the first ones found."""
    atom = asked.compiled.index[about]
    left = {True, False}
    for i, state in enumerate(asked.solution.outcomes(repaired=True)):
        if state[atom] in left:
            left.remove(state[atom])
            yield asked.outcome(state)
        if not left or i > 10_000:
            return


def _difference(witnesses: Sequence[Outcome], about: Attendance, speech: "Speech") -> Iterator[str]:
    if len(witnesses) < 2:
        return
    first, second = witnesses
    people = [a for a, there in first.attendances.items() if there != second.attendances[a] and a != about]
    facts = [f for f, value in first.facts.items() if value != second.facts[f]]
    names = [*map(speech.name, people), *map(speech.name, facts)]
    with_ = first if first.attendances[about] else second
    present = [speech.name(a) for a, there in with_.attendances.items() if there and a.gathering == about.gathering]
    yield f"One possible outcome has them there, with {_listed(present)} attending; another does not."
    if names:
        yield f"The two differ also in {_listed(names)}."


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    if len(names) > 8:
        names = [*names[:7], f"{len(names) - 7} others"]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0] if names else "nobody"


# --- words ----------------------------------------------------------------------------------------


class Speech:
    """Names, statements and steps of a compiled case in words."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.case = compiled.case
        self.said: dict[str, Statement | Rule] = {str(s.id): s for s in compiled.statements}
        self.said.update((str(r.id), r) for r in self.case.rules)

    def name(self, thing: Thing) -> str:
        """A display name; a fact in quotation marks."""
        roster = self.case.roster
        if isinstance(thing, Attendance):
            return roster.participants[thing.participant].name or thing.participant
        return f"“{roster.facts[thing].name or thing}”"

    def where(self, about: Attendance) -> str:
        """At which gathering, where it is not the main one."""
        if about.gathering == self.case.roster.main:
            return ""
        gathering = self.case.roster.gatherings[about.gathering]
        return f" ({gathering.name or gathering.id})"

    def fact(self, thing: Thing, value: bool) -> str:
        """That something is so, or is not."""
        if isinstance(thing, Attendance):
            return f"{self.name(thing)}{self.where(thing)} {'attends' if value else 'is absent'}"
        return f"{self.name(thing)} {'holds' if value else 'does not hold'}"

    def quoted(self, name: str) -> str:
        """A statement's words, with who said it if that was another, when, and its source."""
        match self.said[name]:
            case Rule(rule=rule):
                return f"the rule “{rule}”"
            case statement:
                told = [_day(statement.said)] if statement.said is not None else []
                told += [statement.source] if statement.source else []
                by = f"{statement.by}: " if statement.by and statement.by != statement.who else ""
                return f"{by}“{statement.who} {statement.says}”" + (f" ({', '.join(told)})" if told else "")

    def step(self, atom: int, chain: Chain) -> Step:
        """One decided atom as a step."""
        compiled, value = self.compiled, chain.run.values[atom] is True
        thing = compiled.name(atom)
        ids = chain.ids(atom)
        given = [
            (compiled.name(p), chain.run.values[p] is True)
            for p in sorted(chain.premises(atom), key=chain.rank.__getitem__)
        ]
        what = self.fact(thing, value)
        if chain.network.fixed[atom] is not None:
            supposed = isinstance(thing, Attendance) or self.is_assumed(thing)
            text = f"{what}: {'so it is assumed' if supposed else 'that is known'}."
        else:
            because = [*map(self.quoted, ids), *(self.fact(t, v) for t, v in given)]
            text = f"{what}: {', and '.join(because)}." if because else f"{what}."
        return Step(thing, value, tuple(self.said[i] for i in ids), tuple(given), text)

    def is_assumed(self, fact: str) -> bool:
        """Whether a fact has its value by the scenario."""
        return any(key == fact for key, _ in self.compiled.scenario.assume)

    def together(self, about: Attendance, value: bool, ids: Sequence[str]) -> Step:
        """What follows only from all of them together, by trying every other possibility."""
        sources = [self.quoted(i) for i in ids]
        assumed = [f"{key} is assumed to be {'true' if v else 'false'}" for key, v in self.compiled.scenario.assume]
        seen = [f"it is given that {c}" for c in self.compiled.scenario.given]
        what = self.fact(about, value)
        together = _listed([*sources, *assumed, *seen])
        text = f"{what}: no other outcome is possible with {together} together."
        return Step(about, value, tuple(self.said[i] for i in ids), (), text)

    def cause(self, about: Attendance, cause: Cause, resolved: Resolution) -> str:
        """The cause in a sentence."""
        names = _listed(self.name(n) for n in cause.on)
        match cause.cause:
            case Reason.CONFLICT:
                return " ".join(self.clashing(resolved))
            case Reason.UNSTATED:
                return "Nothing has been said about them."
            case Reason.OPEN:
                return "Their statements leave them the choice."
            case Reason.COORDINATION:
                return f"They wait for each other: {names} could all come, or stay away, together."
            case Reason.FACT:
                return f"It hangs on {names}, which is unknown."
            case Reason.DEPENDS:
                return f"It depends on {names}."

    def clashing(self, resolved: Resolution) -> Iterator[str]:
        """Every clash in a sentence."""
        for conflict in resolved.conflicts:
            for clash in conflict.clashes:
                yield f"These cannot all stand: {_listed(self.quoted(i) for i in clash)}."


def _day(moment: date | datetime) -> str:
    text = f"{moment.day} {moment:%B %Y}"
    return f"{text}, {moment:%H:%M}" if isinstance(moment, datetime) else text
