"""Why somebody attends, is absent, or is undetermined: the statements that entail it, as a chain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Unpack

from attendance.certificate import Certificate
from attendance.compiler import Compiled
from attendance.errors import ResolutionTimeout
from attendance.markup.diagram import TONES, Arrow, Box, Diagram
from attendance.markup.html import Html, badge, element, section
from attendance.markup.pictured import Pictured
from attendance.model.case import Case
from attendance.model.outcome import Frozen, Key, Outcome, Verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.statements import Rule, Statement
from attendance.network import node_of
from attendance.questions.asking import Asked, ask
from attendance.questions.certify import Parted, certified, uncertain
from attendance.questions.chain import Chain
from attendance.questions.grounds import Grounds, grounds
from attendance.questions.resolve import FACTS, Cause, Resolution, resolution
from attendance.questions.speech import Speech, Thing
from attendance.questions.witnesses import witnesses


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
class Explanation(Pictured):
    """Why a verdict is what it is.

    `statements` are the ids of a minimal set of statements and rules that entails it: leave one
    out, and it no longer follows. `steps` lead from causes to the verdict. For an undetermined one
    there are a `cause` and `witnesses`: two outcomes that differ in it, and in little else. A
    verdict on which all repairs of a conflict agree, each for a reason of its own, has only `notes`.
    `nearest` are the scenarios that `why_not` finds, in which they come, or may. The `certificate`
    shows all of it; `attendance.verify` checks it without an engine. It is None where a solver found
    the verdict and to show it would take too many case splits.
    """

    about: Attendance
    verdict: Verdict
    statements: tuple[str, ...]
    steps: tuple[Step, ...]
    cause: Cause | None
    witnesses: tuple[Outcome, ...]
    headline: str
    notes: tuple[str, ...]
    nearest: tuple[Scenario, ...] = ()
    certificate: Certificate | None = field(default=None, repr=False, compare=False)
    labels: Frozen[Thing, str] = field(default=Frozen(), repr=False, compare=False)

    @property
    def diagram(self) -> Diagram:
        """Each thing that was decided in a box, in a note what was said of it, arrows from cause to effect."""
        boxes: dict[Thing | Statement | Rule, Box] = {}
        arrows: list[tuple[Thing | Statement | Rule, Thing, bool]] = []
        for step in self.steps:
            for thing, value in (*step.given, (step.about, step.value)):
                boxes[thing] = self._box(thing, value)
            for said in step.because:
                text = str(said.rule) if isinstance(said, Rule) else said.text
                source = said.source if isinstance(said, Statement) else None
                boxes[said] = Box(tuple(filter(None, (f"“{text}”", source))), "statement", "quiet", "note")
                arrows.append((said, step.about, True))
            arrows += [(thing, step.about, False) for thing, _ in step.given]
        if self.verdict is Verdict.UNDETERMINED:
            boxes |= {thing: self._box(thing, None) for thing in self.cause.on} if self.cause else {}
            arrows += (
                [(thing, self.about, False) for thing in self.cause.on if thing != self.about] if self.cause else []
            )
        if self.about not in boxes or self.verdict is Verdict.UNDETERMINED:
            because = str(self.cause or "")
            lines = tuple(filter(None, (self._called(self.about), str(self.verdict), because)))
            boxes[self.about] = Box(lines, "attendance", TONES[self.verdict])
        number = {thing: i for i, thing in enumerate(boxes)}
        drawn = tuple(Arrow(number[a], number[b], faint=faint) for a, b, faint in dict.fromkeys(arrows))
        return Diagram("why", self.headline, tuple(boxes.values()), drawn)

    def _box(self, thing: Thing, value: bool | None) -> Box:
        if isinstance(thing, str):
            return Box((self._called(thing), FACTS[value]), "fact", TONES[FACTS[value]], "oval")
        verdict = Verdict.UNDETERMINED if value is None else Verdict.ATTENDS if value else Verdict.ABSENT
        return Box((self._called(thing), str(verdict)), "attendance", TONES[verdict])

    def _called(self, thing: Thing) -> str:
        return self.labels.get(thing, str(thing))

    def html(self) -> Html:
        """The verdict, the steps as a list, and the notes."""
        verdict = badge(self.verdict, TONES[self.verdict])
        return section(
            element("p", element("strong", self.headline), " ", verdict),
            element("ol", *(element("li", step.text) for step in self.steps)) if self.steps else None,
            *(element("p", note) for note in self.notes),
        )

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
            "nearest": [{"assume": dict(s.assume), "withdraw": list(s.withdraw)} for s in self.nearest],
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
    return explanation(asked, resolved, asked.attendance(who))


def explanation(asked: Asked, resolved: Resolution, about: Attendance) -> Explanation:
    """The explanation of one verdict of a question already answered."""
    try:
        if resolved[about] is Verdict.UNDETERMINED:
            return _undetermined(asked, resolved, about)
        return _determined(asked, resolved, about)
    except ResolutionTimeout as error:
        raise error if isinstance(error.known, Frozen) else asked.late(error) from None


# --- attends and absent ---------------------------------------------------------------------------


def _determined(asked: Asked, resolved: Resolution, about: Attendance) -> Explanation:
    """A verdict by what entails it; in a conflict, by what is left when no clashing statement is counted on."""
    compiled, parted = asked.unfolded, Parted.of(asked, resolved, about)
    speech, value = Speech(compiled), resolved[about] is Verdict.ATTENDS
    found = grounds(asked, parted.calm, parted.atom, parted.known)
    certificate = certified(parted, found)
    steps = () if found is None else _steps(compiled, found, about, speech, certificate)
    whichever = ", whichever of the clashing statements is set aside" if parted.conflict is not None else ""
    return Explanation(
        about=about,
        verdict=resolved[about],
        statements=() if found is None else found.ids,
        steps=steps,
        cause=None,
        witnesses=(),
        headline=f"{speech.fact(about, value)}{whichever}.",
        notes=tuple(speech.clashing(parted.conflict)),
        certificate=certificate,
        labels=_labels(speech, [about, *(t for s in steps for t in (s.about, *(thing for thing, _ in s.given)))]),
    )


def _steps(
    compiled: Compiled, found: Grounds, about: Attendance, speech: Speech, certificate: Certificate | None
) -> tuple[Step, ...]:
    """The chain of what was decided, or one step of all grounds together where there is no chain."""
    chain = Chain(found.left)
    value = found.value
    order = chain.to(compiled.index[about], value)
    if order is None:
        because = tuple(speech.said[i] for i in found.ids)
        tree = () if certificate is None else certificate.refuted[0].tree
        splits = dict.fromkeys(node_of(q) for q in tree if q is not None)
        return (Step(about, value, because, (), speech.together(about, value, found, tuple(splits))),)
    return tuple(
        Step(
            about=compiled.name(node),
            value=chain.run.values[node] is True,
            because=tuple(speech.said[i] for i in chain.ids(node)),
            given=tuple((compiled.name(p), chain.run.values[p] is True) for p in chain.before_it(node)),
            text=speech.step(node, chain),
        )
        for node in order
    )


# --- undetermined ---------------------------------------------------------------------------------


def _undetermined(asked: Asked, resolved: Resolution, about: Attendance) -> Explanation:
    speech, cause = Speech(asked.compiled), resolved.causes[about]
    parted = Parted.of(asked, resolved, about)
    states = witnesses(asked, parted.atom)
    found = tuple(map(asked.outcome, states))
    own = [p.statement for p in asked.compiled.network.stances[parted.atom].parts]
    return Explanation(
        about=about,
        verdict=Verdict.UNDETERMINED,
        statements=(),
        steps=(),
        cause=cause,
        witnesses=found,
        headline=f"Whether {speech.named(about)} attends is undetermined.",
        notes=(
            *map(speech.told, own),
            *speech.cause(cause, parted.conflict),
            *speech.difference(found, about),
        ),
        certificate=uncertain(parted, states),
        labels=_labels(speech, (about, *cause.on)),
    )


def _labels(speech: Speech, things: Iterable[Thing]) -> Frozen[Thing, str]:
    """What the things in an explanation are called."""
    return Frozen((thing, speech.named(thing)) for thing in things)
