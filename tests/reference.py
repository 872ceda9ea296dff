"""The contract on whole cases as a program: it lists states and reads every definition off the page.

Slow and obvious on purpose, and independent: it knows the values of a case, not the compiler, the networks
or the engines. States are sets of what is true in them, attendances and facts alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations, product, starmap
from zoneinfo import ZoneInfo

from attendance.model import conditions as c
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.model.sayings import Attends, Declines, Inclination, Link, Might, Reading, Sends, WaitsFor
from attendance.model.scenario import Scenario
from attendance.model.statements import Statement


@dataclass(frozen=True)
class Not:
    of: "Meaning"


@dataclass(frozen=True)
class All:
    of: tuple["Meaning", ...]


@dataclass(frozen=True)
class Some:
    of: tuple["Meaning", ...]


@dataclass(frozen=True)
class Reaches:
    """The weight of what holds is at least the quota, or `beyond` it."""

    of: tuple[tuple["Meaning", Fraction], ...]
    quota: Fraction
    beyond: bool = False


Atom = Attendance | str
Meaning = bool | Atom | Not | All | Some | Reaches
State = frozenset[Atom]


@dataclass(frozen=True)
class Half:
    """What one statement says of one attendance: a lower bound, an upper bound, or neither."""

    statement: Statement
    lower: Meaning | None
    upper: Meaning | None


# --- what a condition means in a state --------------------------------------------------------------


def holds(meaning: Meaning, there: State, state: State) -> bool:
    """Whether it holds where people of `there` attend, and what is negated is read in `state`."""
    match meaning:
        case bool():
            return meaning
        case Not(of):
            return not holds(of, state, state)
        case All(of):
            return all(holds(m, there, state) for m in of)
        case Some(of):
            return any(holds(m, there, state) for m in of)
        case Reaches(of, quota, beyond):
            weight = sum((w for m, w in of if holds(m, there, state)), Fraction(0))
            return weight > quota if beyond else weight >= quota
        case str():
            return meaning in state
        case _:
            return meaning in there


def normal(meaning: Meaning, yes: bool = True) -> Meaning:
    """Negation normal form of the meaning, or of its negation: only attendances and facts are negated.

    The present do not reach q exactly when the absent weigh more than all of them less q.
    """
    match meaning:
        case bool():
            return meaning is yes
        case Not(of):
            return normal(of, not yes)
        case All(of) | Some(of):
            kind = All if isinstance(meaning, All) is yes else Some
            return kind(tuple(normal(m, yes) for m in of))
        case Reaches(of, quota, beyond):
            weighed = tuple((normal(m, yes), w) for m, w in of)
            whole = sum((w for _, w in of), Fraction(0))
            return Reaches(weighed, quota, beyond) if yes else Reaches(weighed, whole - quota, not beyond)
        case _:
            return meaning if yes else Not(meaning)


def put_in(meaning: Meaning, known: Mapping[Atom, bool]) -> Meaning:
    """What is left of a normal form once the known values stand in it."""
    match meaning:
        case bool():
            return meaning
        case Not(of):
            inner = put_in(of, known)
            return not inner if isinstance(inner, bool) else Not(inner)
        case All(of) | Some(of):
            idle = isinstance(meaning, All)
            parts = tuple(m for m in (put_in(m, known) for m in of) if m is not idle)
            if (not idle) in parts:
                return not idle
            return type(meaning)(parts) if parts else idle
        case Reaches(of, quota, beyond):
            parts = [(put_in(m, known), w) for m, w in of]
            quota -= sum((w for m, w in parts if m is True), Fraction(0))
            open_ones = tuple((m, w) for m, w in parts if w and not isinstance(m, bool))
            most = sum((w for _, w in open_ones), Fraction(0))
            if quota < 0 or (quota == 0 and not beyond):
                return True
            return Reaches(open_ones, quota, beyond) if most > quota or (most == quota and not beyond) else False
        case _:
            return known.get(meaning, meaning)


def atoms(meaning: Meaning) -> set[Atom]:
    match meaning:
        case bool():
            return set()
        case Not(of):
            return atoms(of)
        case All(of) | Some(of):
            return set().union(*map(atoms, of))
        case Reaches(of):
            return set().union(*(atoms(m) for m, _ in of))
        case _:
            return {meaning}


def hangs_on(meaning: Meaning, atom: Atom) -> bool:
    """Whether it is true or false by that atom in some state of the others."""
    others = sorted(atoms(meaning) - {atom}, key=str)
    states = (frozenset(some) for size in range(len(others) + 1) for some in combinations(others, size))
    return any(holds(meaning, s, s) != holds(meaning, s | {atom}, s | {atom}) for s in states)


class Reference:
    """Every answer about one case in one scenario."""

    def __init__(self, case: Case, scenario: Scenario | None = None) -> None:
        self.case, self.scenario = case, scenario or Scenario()
        self.gatherings = {g.id: g for g in case.gatherings}
        self.main = case.gatherings[0].id
        self.people = {p.id: p for p in case.participants}
        self.groups = {g.id: g.members for g in case.groups}
        self.facts = {f.id: f.value for f in case.facts}
        self.zone = ZoneInfo(case.timezone)
        self.founded = bool(self.scenario.founded)
        self.literal = self.scenario.reading is Reading.LITERAL
        self.known_content: dict[tuple[Attendance, State, frozenset[str]], bool] = {}

    # --- 1: who is counted where ---

    @cached_property
    def attendances(self) -> list[Attendance]:
        """The invited where there is a list, the named elsewhere; who is neither anywhere goes to the first."""
        named = set(self.named())
        lists = {g.id: g.invited for g in self.case.gatherings}
        counted = {
            (p, g)
            for p, g in product(self.people, self.gatherings)
            if ((p, g) in named if lists[g] is None else p in lists[g])
        }
        if lists[self.main] is None:
            counted |= {(p, self.main) for p in self.people if p not in {q for q, _ in counted}}
        return [Attendance(p, g) for g in self.gatherings for p in self.people if (p, g) in counted]

    def named(self) -> Iterator[tuple[str, str]]:
        """Everybody named at a gathering by the case, or by the scenario asked about."""
        scenarios = [*self.case.scenarios, self.scenario]
        for s in chain(self.case.statements, *(scenario.add for scenario in scenarios)):
            at = s.at or self.main
            yield s.who, at
            match s.says:
                case Sends(delegates):
                    yield from ((d, at) for d in delegates)
                case WaitsFor(targets):
                    yield from ((t.name, t.at or at) for t in targets if t.name in self.people)
            yield from self.named_in(getattr(s.says, "condition", None), at)
        for rule in self.case.rules:
            yield from self.named_in(rule.rule, rule.at or self.main)
        for g in self.case.gatherings:
            yield from self.named_in(g.held_if, g.id)
        for scenario in scenarios:
            for condition in scenario.given:
                yield from self.named_in(condition, self.main)
            for key, _ in scenario.assume:
                name, _, at = key.partition(" at ")
                if at:
                    yield name, at

    def named_in(self, condition: object, at: str) -> Iterator[tuple[str, str]]:
        """Names by name: what a group, everyone or others stand for does not count."""
        match condition:
            case c.Name(name, where) if name in self.people:
                yield name, where or at
            case c.Not(of):
                yield from self.named_in(of, at)
            case c.And(of) | c.Or(of):
                yield from chain.from_iterable(self.named_in(part, at) for part in of)
            case c.Tally(of=selection) | c.Quantifier(of=selection):
                for item in selection.items:
                    yield from self.named_in(item, selection.at or at)

    def members(self, group: str) -> list[str]:
        """Those who name the group, those it names, and the members of groups in it."""
        found = [p.id for p in self.case.participants if group in (*p.of, *p.tags)]
        for name in self.groups.get(group, ()):
            found += [name] if name in self.people else self.members(name)
        return list(dict.fromkeys(found))

    @cached_property
    def assumed(self) -> dict[Atom, bool]:
        """A name alone is meant at the main gathering, or at the only one where it is counted."""
        found: dict[Atom, bool] = {}
        for key, value in self.scenario.assume:
            name, _, at = key.partition(" at ")
            where = [a.gathering for a in self.attendances if a.participant == name]
            place = at or (where[0] if len(where) == 1 else self.main)
            found[name if name in self.facts else Attendance(name, place)] = value
        return found

    @cached_property
    def fixed(self) -> dict[Atom, bool]:
        """Assumed attendances, known and assumed facts."""
        return {f: v for f, v in self.facts.items() if v is not None} | self.assumed

    # --- 2: conditions ---

    def meaning(self, condition: object, at: str, about: str | None = None) -> Meaning:
        """The condition with everything named put in place, read at a gathering, of somebody or of nobody."""
        match condition:
            case c.Constant(value):
                return value
            case c.Name(name) if name in self.facts:
                return name
            case c.Name(name, where) if name in self.people:
                return Attendance(name, where or at)
            case c.Name(name) | c.Held(name) if name in self.gatherings:
                return self.held(name)
            case c.Name(group, where) | c.Represented(group, where):
                return Some(tuple(Attendance(m, where or at) for m in self.members(group)))
            case c.Not(of):
                return Not(self.meaning(of, at, about))
            case c.And(of):
                return All(tuple(self.meaning(part, at, about) for part in of))
            case c.Or(of):
                return Some(tuple(self.meaning(part, at, about) for part in of))
            case c.Tally():
                return self.tally(condition, at, about)
            case c.Quantifier(quantity, of):
                return self.quantity(quantity, self.selected(of, at, about))
        raise TypeError(condition)

    def held(self, gathering: str) -> Meaning:
        """Its `held_if`, and without one that anybody attends."""
        held_if = self.gatherings[gathering].held_if
        if held_if is not None:
            return self.meaning(held_if, gathering)
        return Some(tuple(a for a in self.attendances if a.gathering == gathering))

    def selected(self, of: c.Selection, at: str, about: str | None) -> tuple[Meaning, ...]:
        """The list as a set: crowds and groups stand for their people; conditions are as many as are written."""
        found: dict[object, Meaning] = {}
        for item in of.items:
            where = getattr(item, "at", None) or of.at or at
            match item:
                case c.Crowd(word):
                    people = [a for a in self.attendances if a.gathering == where]
                    others = [a for a in people if word == "everyone" or a.participant != about]
                    found.update({a: a for a in others})
                case c.Name(name) if name not in {**self.people, **self.facts, **self.gatherings}:
                    found.update({a: a for a in (Attendance(m, where) for m in self.members(name))})
                case _:
                    meaning = self.meaning(item, of.at or at, about)
                    is_atom = isinstance(item, c.Name) and item.name not in self.gatherings
                    found[meaning if is_atom else item] = meaning
        return tuple(found.values())

    def tally(self, tally: c.Tally, at: str, about: str | None) -> Meaning:
        """A count or a weighted sum against a number or a share; a share of nobody is never reached."""
        selected = self.selected(tally.of, at, about)
        weighed = tuple((m, self.weight(m, tally.weight)) for m in selected)
        quota = Fraction(tally.quota)
        if tally.percent:
            if not weighed:
                return tally.relation == "at most"
            quota = quota / 100 * sum((w for _, w in weighed), Fraction(0))
        match tally.relation:
            case "at least":
                return Reaches(weighed, quota)
            case "at most":
                return Not(Reaches(weighed, quota, beyond=True))
            case "exactly":
                return All((Reaches(weighed, quota), Not(Reaches(weighed, quota, beyond=True))))

    def weight(self, member: Meaning, name: str | None) -> Fraction:
        """One each in a count; in a sum what the participant weighs, nothing unless said."""
        if name is None:
            return Fraction(1)
        assert isinstance(member, Attendance)
        return Fraction(dict(self.people[member.participant].weights).get(name, 0))

    def quantity(self, quantity: c.Quantity, selected: tuple[Meaning, ...]) -> Meaning:
        match quantity:
            case "all":
                return All(selected)
            case "any":
                return Some(selected)
            case "none":
                return Not(Some(selected))
            case "a majority":
                half = Fraction(len(selected), 2)
                return Reaches(tuple((m, Fraction(1)) for m in selected), half, beyond=True)

    # --- 3: statements in force, and positions ---

    @cached_property
    def statements(self) -> list[Statement]:
        """What is in force: hidden, filtered, withdrawn, added to; then superseded by date and by id."""
        heard = [
            s
            for s in self.case.statements
            if not self.hidden(s) and self.believed(s) and s.id not in self.scenario.withdraw
        ]
        heard += self.added()
        ended = {name for s in heard for name in s.supersedes}
        return [s for s in heard if s.id not in ended and not self.superseded(s, heard)]

    def added(self) -> list[Statement]:
        """What the scenario adds, numbered on from the file."""
        found: list[Statement] = []
        for s in self.scenario.add:
            number = 1 + sum(other.who == s.who for other in (*self.case.statements, *found))
            found.append(s.model_copy(update={"id": s.id or f"{s.who}.{number}"}))
        return found

    def moment(self, said: date | datetime) -> datetime:
        """A date is its midnight; what has no zone is in the case's."""
        if not isinstance(said, datetime):
            said = datetime.combine(said, time())
        return said if said.tzinfo else said.replace(tzinfo=self.zone)

    def hidden(self, s: Statement) -> bool:
        """Said after the time of `as_of`, or after the day of it."""
        as_of = self.scenario.as_of
        if as_of is None or s.said is None:
            return False
        if isinstance(as_of, datetime):
            return self.moment(s.said) > self.moment(as_of)
        return self.moment(s.said) >= self.moment(as_of + timedelta(days=1))

    def believed(self, s: Statement) -> bool:
        """Its source is not turned away; who names none is heard."""
        believe = self.scenario.believe
        if s.source is None:
            return True
        return (believe is None or s.source in believe) and s.source not in self.scenario.disbelieve

    def superseded(self, s: Statement, heard: list[Statement]) -> bool:
        """Its speaker spoke later of the same attendance, and not only to add to it (`also`)."""
        return s.said is not None and any(
            other.said is not None
            and self.moment(other.said) > self.moment(s.said)
            and not other.also
            and other.speaker == s.speaker
            and (other.who, other.at or self.main) == (s.who, s.at or self.main)
            and isinstance(other.says, WaitsFor) == isinstance(s.says, WaitsFor)
            for other in heard
        )

    def halves(self, s: Statement) -> Iterator[tuple[Attendance, Half]]:
        """The table of bounds: which attendances a statement bounds, and how."""
        at, says = s.at or self.main, s.says
        x, condition = Attendance(s.who, at), getattr(says, "condition", None)
        upon = True if condition is None else self.meaning(condition, at, s.who)
        match says:
            case Attends(None | Link.IF):
                yield x, Half(s, upon, None)
            case Attends(Link.ONLY_IF) | Might(Link.ONLY_IF) | Declines(Link.UNLESS):
                yield x, Half(s, None, upon)
            case Attends(Link.IF_AND_ONLY_IF):
                yield x, Half(s, upon, upon)
            case Attends(Link.UNLESS):
                yield x, Half(s, Not(upon), None)
            case Declines(None | Link.IF):
                yield x, Half(s, None, Not(upon))
            case Might(None):
                yield x, Half(s, None, None)
            case Might(Link.IF):
                yield x, Half(s, None, None if self.literal else upon)
            case Might(Link.UNLESS):
                yield x, Half(s, None, None if self.literal else Not(upon))
            case Sends(delegates):
                yield x, Half(s, None, Not(upon))
                for delegate in delegates:
                    yield Attendance(delegate, at), Half(s, All((upon, Not(x))), None)

    @cached_property
    def positions(self) -> dict[Attendance, list[Half]]:
        """All halves about each attendance, those of an assumed one set aside."""
        found: dict[Attendance, list[Half]] = {x: [] for x in self.attendances}
        for s in self.statements:
            for x, half in self.halves(s):
                if x not in self.assumed:
                    found[x].append(half)
        return found

    def inclination(self, x: Attendance) -> Inclination:
        """Open to the letter; as said; open by a `might`; else towards the side that has no bound."""
        halves = self.positions[x]
        said = [(self.newness(h.statement), i, h.statement) for i, h in enumerate(halves)]
        explicit = [(new, i, s.inclination) for new, i, s in said if s.inclination is not None and s.who == x[0]]
        lower, upper = any(h.lower is not None for h in halves), any(h.upper is not None for h in halves)
        if self.literal:
            return Inclination.OPEN
        if explicit:
            return max(explicit)[2]
        if any(isinstance(h.statement.says, Might) for h in halves) or lower == upper:
            return Inclination.OPEN
        return Inclination.INCLINED if upper else Inclination.DISINCLINED

    def newness(self, s: Statement) -> float:
        return float("-inf") if s.said is None else self.moment(s.said).timestamp()

    def lower(self, x: Attendance, aside: frozenset[str] = frozenset()) -> Meaning:
        return Some(tuple(h.lower for h in self.positions[x] if h.lower is not None and h.statement.id not in aside))

    def upper(self, x: Attendance, aside: frozenset[str] = frozenset()) -> Meaning:
        return All(tuple(h.upper for h in self.positions[x] if h.upper is not None and h.statement.id not in aside))

    # --- 4: outcomes ---

    @cached_property
    def states(self) -> list[State]:
        """Every state with what is fixed at its value and every given met."""
        every = [*self.attendances, *self.facts]
        values = [(self.fixed[a],) if a in self.fixed else (False, True) for a in every]
        states = (frozenset(a for a, v in zip(every, row, strict=True) if v) for row in product(*values))
        return [s for s in states if all(holds(m, s, s) for m in self.given)]

    @cached_property
    def given(self) -> list[Meaning]:
        """What is seen, read at the first gathering."""
        return [self.meaning(condition, self.main) for condition in self.scenario.given]

    @cached_property
    def rules(self) -> dict[str, Meaning]:
        rules = [r for r in self.case.rules if r.id not in self.scenario.withdraw]
        return {str(r.id): self.meaning(r.rule, r.at or self.main) for r in rules}

    def outcomes(self, aside: frozenset[str] = frozenset()) -> list[State]:
        """The states that all can live with, some statements and rules set aside."""
        return [s for s in self.states if self.is_outcome(s, aside)]

    def is_outcome(self, s: State, aside: frozenset[str]) -> bool:
        rules = all(holds(m, s, s) for name, m in self.rules.items() if name not in aside)
        content = rules and all(self.content(x, s, aside) for x in self.attendances if x not in self.assumed)
        return content and (not self.founded or self.stands_on_its_own(s, aside))

    def lost(self, x: Attendance, aside: frozenset[str]) -> bool:
        return any(h.statement.id in aside for h in self.positions[x])

    def content(self, x: Attendance, s: State, aside: frozenset[str]) -> bool:
        """Bounds, read as if x were there, and the inclination of a position that has lost nothing."""
        about_x = frozenset(str(h.statement.id) for h in self.positions[x]) & aside
        key = (x, s, about_x)
        if key not in self.known_content:
            with_x = s | {x}
            lower, upper = (holds(b, with_x, with_x) for b in (self.lower(x, aside), self.upper(x, aside)))
            inclination = Inclination.OPEN if about_x else self.inclination(x)
            wanted = {Inclination.INCLINED: upper, Inclination.DISINCLINED: lower}.get(inclination, x in s)
            self.known_content[key] = lower <= (x in s) <= upper and (x in s) == wanted
        return self.known_content[key]

    def stands_on_its_own(self, s: State, aside: frozenset[str]) -> bool:
        """Founded: those who attend are those reached from nobody, step by step."""
        facts = frozenset(a for a in s if isinstance(a, str))
        free = [x for x in self.attendances if x not in self.assumed]
        joined = frozenset(x for x, v in self.assumed.items() if v and isinstance(x, Attendance))
        joined |= frozenset(x for x in free if x in s and self.lost(x, aside))
        while more := [x for x in free if x not in joined and self.joins(x, joined | facts, s, aside)]:
            joined |= frozenset(more)
        return joined == s - facts

    def joins(self, x: Attendance, there: State, s: State, aside: frozenset[str]) -> bool:
        """Its lower bound holds of those there, or it would come anyway and its upper bound does."""
        lower, upper = normal(self.lower(x, aside)), normal(self.upper(x, aside))
        inclination = Inclination.OPEN if self.lost(x, aside) else self.inclination(x)
        would = inclination is Inclination.INCLINED or (inclination is Inclination.OPEN and x in s)
        with_x = (there | {x}, s | {x})
        return holds(lower, *with_x) or (would and holds(upper, *with_x))

    # --- 5: repairs, clashes, verdicts and causes ---

    @cached_property
    def removable(self) -> list[str]:
        """What can be set aside: statements in force that are part of a position, and rules."""
        bounding = dict.fromkeys(str(h.statement.id) for halves in self.positions.values() for h in halves)
        return [*bounding, *self.rules]

    @cached_property
    def repairs(self) -> list[frozenset[str]]:
        """The sets of the smallest size that, set aside, admit an outcome; none if nothing does."""
        for size in range(len(self.removable) + 1):
            if found := [a for a in self.subsets(size) if any(self.is_outcome(s, a) for s in self.states)]:
                return found
        return []

    def subsets(self, size: int) -> list[frozenset[str]]:
        return [frozenset(names) for names in combinations(self.removable, size)]

    @cached_property
    def clashes(self) -> list[frozenset[str]]:
        """The minimal sets that cannot stand together, all else being set aside."""
        found: list[frozenset[str]] = []
        everything = frozenset(self.removable)
        for size in range(len(everything) + 1):
            for kept in self.subsets(size):
                smaller = any(clash <= kept for clash in found)
                if not smaller and not any(self.is_outcome(s, everything - kept) for s in self.states):
                    found.append(kept)
        return found

    @cached_property
    def considered(self) -> set[State]:
        """The outcomes of all minimum repairs together."""
        return {s for aside in self.repairs for s in self.outcomes(aside)}

    def verdict(self, atom: Atom) -> str:
        seen = {atom in s for s in self.considered}
        return "undetermined" if len(seen) == 2 else "attends" if True in seen else "absent"

    def cause(self, x: Attendance, written: bool = True) -> str:
        """The first that fits of why somebody is undetermined; by the names in bounds in either sense."""
        halves = self.positions[x]
        if any(h.statement.id in aside for aside in self.repairs for h in halves):
            return "conflict"
        if not halves:
            return "unstated"
        if self.inclination(x) is Inclination.OPEN and any(self.free(x, s | {x}) for s in self.considered):
            return "open"
        if self.on_a_circle(x, written):
            return "coordination"
        return "fact" if all(isinstance(a, str) for a in self.names_in_bounds(x, written)) else "depends"

    def free(self, x: Attendance, with_x: State) -> bool:
        """Neither kept away nor made to come."""
        return not holds(self.lower(x), with_x, with_x) and holds(self.upper(x), with_x, with_x)

    def names_in_bounds(self, x: Attendance, written: bool = True) -> set[Atom]:
        """The undetermined names in the bounds of x."""
        bounds = [b for half in self.positions[x] for b in (half.lower, half.upper) if b is not None]
        names = set().union(*(self.names_left(bound, {x: True}, written) for bound in bounds))
        return {a for a in names if self.verdict(a) == "undetermined"}

    def names_left(self, meaning: Meaning, known: dict[Atom, bool], written: bool) -> set[Atom]:
        """The names still written in it once what is fixed is put in, or only those that it hangs on."""
        left = put_in(normal(meaning), self.uninvited | self.fixed | known)
        return {a for a in atoms(left) if written or hangs_on(left, a)}

    @cached_property
    def uninvited(self) -> dict[Atom, bool]:
        everybody = starmap(Attendance, product(self.people, self.gatherings))
        return {x: False for x in everybody if x not in self.attendances}

    def on_a_circle(self, x: Attendance, written: bool = True) -> bool:
        """Whether a walk through bounds, over the undetermined alone, comes back to x."""
        reached: set[Atom] = set()
        ahead = self.names_in_bounds(x, written)
        while ahead - reached:
            reached |= ahead
            people = [y for y in ahead if isinstance(y, Attendance)]
            ahead = set().union(*(self.names_in_bounds(y, written) for y in people))
        return x in reached

    def part(self, name: str, written: bool) -> set[str]:
        """A statement or rule with all that bounds, rules and givens connect it to."""
        ties = [(None, self.names_left(g, {}, written)) for g in self.given]
        ties += [(rule, self.names_left(m, {}, written)) for rule, m in self.rules.items()]
        for x, half in ((x, half) for x, halves in self.positions.items() for half in halves):
            bounds = [b for b in (half.lower, half.upper) if b is not None]
            left = set().union(*(self.names_left(b, {x: True}, written) for b in bounds))
            ties.append((str(half.statement.id), left | {x}))
        ids, reached = {name}, set()
        for _ in ties:  # so many rounds are enough
            for tied, names in ties:
                if tied in ids or names & reached:
                    ids |= {tied} - {None}
                    reached |= names
        return ids

    def gathering(self, gathering: str) -> str:
        """Held in every outcome, in none, or in some."""
        held = self.held(gathering)
        seen = {holds(held, s, s) for s in self.considered}
        return "undetermined" if len(seen) == 2 else "held" if True in seen else "not held"

    def turnout(self, gathering: str) -> tuple[int, int]:
        sizes = [sum(x in s for x in self.attendances if x.gathering == gathering) for s in self.considered]
        return min(sizes), max(sizes)
