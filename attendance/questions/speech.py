"""Names, statements, steps and causes of a compiled case in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from math import log2
from typing import assert_never

from attendance.compiler import Compiled
from attendance.model.draft import clock
from attendance.model.outcome import Outcome, find_attendance
from attendance.model.participants import Attendance
from attendance.model.positions import said
from attendance.model.roster import assumed_place
from attendance.model.statements import Rule, Statement
from attendance.questions.chain import Chain
from attendance.questions.grounds import Grounds
from attendance.questions.resolve import Cause, Conflict, Reason

Thing = Attendance | str
"""An attendance, or a fact."""
CASES = 2
"""Up to this many case splits are told; a certificate has all."""
MANY = 8
"""Up to this many names are listed."""
VAST = 1 << 40
"""Up to this number digits are read."""


class Speech:
    """The words for a compiled case."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.case = compiled.case
        self.said: dict[str, Statement | Rule] = {str(s.id): s for s in said(self.case, compiled.scenario)}
        self.said.update((str(r.id), r) for r in self.case.rules)
        places = (assumed_place(self.case.roster, key) for key, _ in compiled.scenario.assume)
        self.assumed = {place.name for place in places if place is not None}

    # --- names ---

    def name(self, thing: Thing) -> str:
        """The display name of a participant, or of a fact in quotes."""
        roster = self.case.roster
        if isinstance(thing, Attendance):
            return roster.participants[thing.participant].name or thing.participant
        return f"“{roster.facts[thing].name or thing}”"

    def thing(self, key: str) -> Thing:
        """What a key of `assume` means."""
        place, roster = assumed_place(self.case.roster, key), self.case.roster
        assert place is not None, "checked with the scenario"
        if place.name in roster.facts:
            return place.name
        wanted = place.name if place.at is None else (place.name, place.at)
        return find_attendance(self.compiled.attendances, wanted, roster.main)

    def named(self, thing: Thing) -> str:
        """The name, and at which gathering, where it is not the main one."""
        return self.name(thing) + (self.where(thing) if isinstance(thing, Attendance) else "")

    def where(self, about: Attendance) -> str:
        """At which gathering, where it is not the main one."""
        if about.gathering == self.case.roster.main:
            return ""
        gathering = self.case.roster.gatherings[about.gathering]
        return f" ({gathering.name or gathering.id})"

    def fact(self, thing: Thing, value: bool) -> str:
        """That somebody attends or is absent, or that a fact holds or does not."""
        if isinstance(thing, Attendance):
            return f"{self.named(thing)} {'attends' if value else 'is absent'}"
        return f"{self.name(thing)} {'holds' if value else 'does not hold'}"

    # --- what was said ---

    def quoted(self, name: str, *, cited: bool = False) -> str:
        """A statement's words, with who said it if that was another, when, and its source; or a rule's.

        With its id too, if it is to be `cited`.
        """
        match self.said[name]:
            case Rule(rule=rule):
                return f"the rule “{rule}”" + (f" ({name})" if cited else "")
            case statement:
                by = f"{self.speaker(statement)}: " if statement.speaker != statement.who else ""
                return by + self.words(statement, cited)

    def told(self, name: str) -> str:
        """A statement as a sentence: who said what."""
        statement = self.said[name]
        assert isinstance(statement, Statement), "asked of statements alone"
        return f"{self.speaker(statement)} said: {self.words(statement)}."

    def speaker(self, statement: Statement) -> str:
        """Who said it, by display name where it is a participant."""
        known = self.case.roster.participants.get(statement.speaker)
        return statement.speaker if known is None else known.name or known.id

    def words(self, statement: Statement, cited: bool = False) -> str:
        """A statement in quotes, with its date and source."""
        told = [str(statement.id)] if cited else []
        told += [self.day(statement.said)] if statement.said is not None else []
        told += [statement.source] if statement.source else []
        return f"“{statement.text}”" + (f" ({', '.join(told)})" if told else "")

    def day(self, moment: date | datetime) -> str:
        """A day, with the time by the clocks of the case if there is one."""
        text = f"{moment.day} {moment:%B %Y}"
        if not isinstance(moment, datetime):
            return text
        here = moment if moment.tzinfo is None else clock(moment, self.case.zone)
        return f"{here.day} {here:%B %Y, %H:%M}"

    # --- steps ---

    def step(self, atom: int, chain: Chain) -> str:
        """Why an atom has its value, by what decided it."""
        thing, value = self.compiled.name(atom), chain.run.values[atom] is True
        what = self.fact(thing, value)
        if chain.network.fixed[atom] is not None:
            return f"{what}: {'so it is assumed' if self.is_assumed(thing) else 'that is known'}."
        known = ((self.compiled.name(p), chain.run.values[p] is True) for p in chain.before_it(atom))
        return f"{what}: {', and '.join([*map(self.quoted, chain.ids(atom)), *(self.fact(*k) for k in known)])}."

    def is_assumed(self, thing: Thing) -> bool:
        """Whether a fixed atom is assumed; a fact may be known instead."""
        return isinstance(thing, Attendance) or thing in self.assumed

    def together(self, about: Attendance, value: bool, found: Grounds, splits: Sequence[int]) -> str:
        """What follows only from all the grounds together, and the cases that show it."""
        network, compiled = found.left, self.compiled
        fixed = [(compiled.name(a), v) for a, v in enumerate(network.fixed) if v is not None]
        seen = dict(zip(compiled.network.given, compiled.scenario.given, strict=True))
        held = [
            *map(self.quoted, found.ids),
            *(f"the assumption that {self.fact(t, v)}" for t, v in fixed if self.is_assumed(t)),
            *(f"the known fact that {self.fact(t, v)}" for t, v in fixed if not self.is_assumed(t)),
            *(f"the observation “{seen[q]}”" for q in network.given),
        ]
        together = " together" if len(held) > 1 else ""
        cases = [f"{self.fact(compiled.name(a), True)} or not" for a in splits]
        whether = f", whether {listed(cases)}" if 0 < len(cases) <= CASES else ""
        alone = ", where nobody attends by a circle of promises alone" if network.founded else ""
        grounds = listed(held, len(held))
        return f"{self.fact(about, value)}: otherwise {grounds} could not hold{together}{whether}{alone}."

    # --- causes ---

    def cause(self, cause: Cause, conflict: Conflict | None) -> Iterator[str]:
        """The cause in a sentence or more."""
        names = listed(map(self.named, cause.on))
        match cause.cause:
            case Reason.CONFLICT:
                yield from self.clashing(conflict)
            case Reason.UNSTATED:
                yield "No statement in force says whether they attend."
            case Reason.OPEN:
                yield "Their statements leave them the choice."
            case Reason.COORDINATION:
                yield f"What each of them does hangs on the others: {names}."
            case Reason.FACT:
                yield f"It hangs on {names}, which {'is' if len(cause.on) == 1 else 'are'} unknown."
            case Reason.DEPENDS:
                yield f"It depends on {names}."
            case _:
                assert_never(cause.cause)

    def clashing(self, conflict: Conflict | None) -> Iterator[str]:
        """The clashes of a conflict, a sentence each, and what would mend it."""
        if conflict is None:
            return
        seen = listed((f"“{c}”" for c in self.compiled.scenario.given), len(self.compiled.scenario.given))
        these = f"Seen that {seen}, these" if self.compiled.scenario.given else "These"
        for clash in conflict.clashes:
            yield f"{these} cannot all stand: {listed((self.quoted(i, cited=True) for i in clash), len(clash))}."
        yield f"It takes setting aside {repairs(conflict)}."

    def difference(self, witnesses: Sequence[Outcome], about: Attendance) -> Iterator[str]:
        """Who is there in the outcome in which they attend, and what else is different in the other."""
        first, second = witnesses
        there = first if first.attendances[about] else second
        present = [a for a, v in there.attendances.items() if v and a.gathering == about.gathering and a != about]
        other: list[Thing] = [a for a, v in first.attendances.items() if v != second.attendances[a] and a != about]
        other += [f for f, v in first.facts.items() if v != second.facts[f]]
        with_ = f"with {listed(map(self.name, present))} attending" if present else "alone"
        yield f"One possible outcome has them there, {with_}; another does not."
        if other:
            yield f"The two differ also in {listed(map(self.named, other))}."


def repairs(conflict: Conflict) -> str:
    """The minimum repairs of a conflict, by the ids that they set aside."""
    told = [" and ".join(ids) for ids in conflict.repairs]
    more = len(told) - MANY
    return ", or ".join([*told[:MANY], f"{more} other sets"] if more > 1 else told)


def numeral(value: int) -> str:
    """A number in digits, a vast one as a power of two."""
    if value <= VAST:
        return f"{value:,}"
    return f"2^{value.bit_length() - 1}" if value.bit_count() == 1 else f"about 2^{log2(value):.1f}"


def listed(names: Iterable[str], most: int = MANY) -> str:
    """Names as a list in a sentence; of very many only the first."""
    names = list(names)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
