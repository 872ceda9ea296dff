"""The verdicts of many scenarios at once: counted, summed up in a rule, or row by row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, repeat
from typing import Any, Unpack, assert_never

from attendance.engines import known_engine
from attendance.engines.deadline import NO
from attendance.engines.rows import Rows, combinations
from attendance.engines.sweeping import Swept, Varied
from attendance.engines.tallying import LANES, Executor, Progress, Task, tallies
from attendance.errors import QuestionError, ResolutionTimeout
from attendance.formats.tables import Target, arrow_stream, csv_text, write_csv
from attendance.markup.diagram import Box, Diagram, Tone
from attendance.markup.html import Html, bar, element, section
from attendance.markup.html import table as html_table
from attendance.markup.pictured import Pictured
from attendance.model.case import Case
from attendance.model.conditions import Condition, Constant, Name
from attendance.model.nesting import misfit
from attendance.model.outcome import Frozen, Key, Verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.values import shown
from attendance.questions.asking import Asked, ask, vary
from attendance.questions.counting import (
    SUMMED,
    Counts,
    counted,
    everything,
    impossible,
    inconsistent,
    read_by,
    task_of,
    tasks_of,
)
from attendance.questions.engines import Choice, choices_of_sweep
from attendance.questions.row import Chunk, Row
from attendance.questions.rule import Table, rule
from attendance.questions.scenarios import scenarios
from attendance.questions.speech import listed, numeral

MANY = 1 << 20
"""The most rows that are made without being asked for twice."""
AT_ONCE = 8192
"""How many rows are made at once, when they are asked for one by one."""
SHOWN: tuple[Tone, ...] = ("attends", "absent", "undetermined")
SHOWN_AT_MOST = 100
"""A notebook shows so many people's counts."""
NAMED, TOLD = 20, 10
"""Of so many names that are varied, and of so many people's counts, the text of a sweep tells."""


@dataclass(frozen=True, repr=False)
class Sweep(Pictured, Sequence[Row]):
    """Many scenarios: `len`, `counts("zelensky")`, `rule("zelensky")`, and rows, made as they are asked for.

    `over` names what is varied, `size` says how many scenarios there are, `impossible` in how many of
    them nothing can meet what is assumed and given, and `inconsistent` in how many not all that was said
    can be kept (None where that hangs on too many names to be counted); `complete` is False if counting
    was broken off.
    Of more than 2^63 scenarios `size` tells the number, which `len` cannot.
    """

    case: str
    scenario: str
    over: tuple[str, ...]
    size: int
    tallies: Frozen[Attendance, Counts]
    impossible: int
    inconsistent: int | None
    complete: bool
    asked: Asked = field(repr=False, compare=False)
    atoms: tuple[int, ...] = field(repr=False, compare=False)
    varied: Varied = field(repr=False, compare=False)
    source: Rows = field(repr=False, compare=False)

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return self.size > 0

    def __getitem__(self, index: Any) -> Any:
        """The row of that number, or those of a slice as a list."""
        if isinstance(index, slice):
            numbers = range(*index.indices(self.size))
            if numbers.step == 1:
                return [*self._rows(numbers.start, len(numbers))] if numbers else []
            return [self[i] for i in numbers]
        if not isinstance(index, int):
            raise TypeError(f"rows are numbered from 0, and {shown(index)} is no number: counts and rules are by name")
        number = index + self.size if index < 0 else index
        if not 0 <= number < self.size:
            raise IndexError(f"there are {self.size} rows, and none of number {index}")
        return next(self._rows(number, 1))

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, self.size, AT_ONCE):
            yield from self._rows(start, min(AT_ONCE, self.size - start))

    @property
    def rows(self) -> "Sweep":
        """The rows: the sweep itself is their sequence."""
        return self

    def counts(self, key: Key) -> Counts:
        """In how many scenarios somebody attends, is absent, and is undetermined. Raises UnknownName."""
        return self.tallies[self.attendance(key)]

    def attendance(self, key: Key) -> Attendance:
        """Whom a key means. Raises UnknownName."""
        return self.asked.attendance(key)

    def key(self, attendance: Attendance) -> str:
        """The name of an attendance: with its gathering, where that is not the main one."""
        return self.asked.key(self.asked.compiled.index[attendance])

    def rule(self, key: Key, verdict: Verdict | str = Verdict.ATTENDS) -> Condition:
        """The shortest condition on what is varied under which the verdict on somebody is that one.

        Over all combinations, whichever were asked for; scenarios that nothing can meet may be either way.
        Where more than seven names matter, none of its terms can be left out, nor any name of one. Raises
        UnknownName, and QuestionError where too many names hang together.
        """
        wanted = _verdict(verdict)
        atom = self.asked.compiled.index[self.attendance(key)]
        if atom in self.atoms:
            match wanted:
                case Verdict.ATTENDS:
                    return self._name(atom)
                case Verdict.ABSENT:
                    return ~self._name(atom)
                case Verdict.UNDETERMINED:
                    return Constant(False)
                case _:
                    assert_never(wanted)
        return self._rule(atom, wanted)

    def _rule(self, atom: int, wanted: Verdict) -> Condition:
        parts = self.varied.parts
        number = next((n for n, part in enumerate(parts) if atom in part.atoms), None)
        if number is None:  # it is assumed
            value = self.asked.compiled.network.fixed[atom]
            return Constant(wanted is (Verdict.ATTENDS if value else Verdict.ABSENT))
        over = read_by(self.varied, self.atoms, [number])
        if len(over) > SUMMED:
            raise QuestionError(
                f"{self.asked.key(atom)} hangs on {len(over)} of what is varied, and a rule is made of at most {SUMMED}"
                "\n    vary fewer, or assume some of them"
            )
        found = self._swept(number, over)
        there, open_ = found.there[atom], found.open.get(atom, 0)
        away = (1 << (1 << len(over))) - 1 ^ (there | open_ | found.impossible)
        must = {Verdict.ATTENDS: there, Verdict.ABSENT: away, Verdict.UNDETERMINED: open_}[wanted]
        told = rule(Table(must, must | found.impossible, len(over)), [self._name(a) for a in reversed(over)])
        if misfit(told):
            raise QuestionError(
                f"the rule for {self.asked.key(atom)} is longer than a condition may be\n    vary fewer, or assume some"
            )
        return told

    def _swept(self, number: int, over: tuple[int, ...]) -> Swept:
        """All combinations of what a connected part hangs on, looked at once for all rules."""
        if number not in self._parts:
            task = task_of(self.varied, over, [number])
            there: dict[int, int] = defaultdict(int)
            open_: dict[int, int] = defaultdict(int)
            impossible = 0
            for start in range(0, task.rows.size, task.width):
                found = task.swept(start, min(task.width, task.rows.size), NO)
                for planes, more in ((there, found.there), (open_, found.open)):
                    for atom, plane in more.items():
                        planes[atom] |= plane << start
                impossible |= found.impossible << start
            self._parts[number] = Swept(there, open_, impossible=impossible)
        return self._parts[number]

    @cached_property
    def _parts(self) -> dict[int, Swept]:
        """What was found of each connected part for its rules."""
        return {}

    def _name(self, atom: int) -> Name:
        match self.asked.compiled.name(atom):
            case Attendance(participant, gathering):
                return Name(participant, None if gathering == self.asked.compiled.case.roster.main else gathering)
            case fact:
                return Name(fact)

    @property
    def columns(self) -> dict[str, list[Any]]:
        """A column for each name, as long as there are rows, what is varied first: verdicts, and truth of facts.

        A verdict is None where nothing can meet the scenario. Raises QuestionError above a million rows.
        """
        self._few("columns")
        people = len(self.asked.compiled.attendances)
        atoms = dict.fromkeys((*self.atoms, *range(people)))
        found: dict[int, list[Any]] = {a: [] for a in atoms}
        for start in range(0, self.size, LANES):
            chunk = Chunk.of(self._whole, start, min(LANES, self.size - start))
            for a, column in found.items():
                column += chunk.verdicts(a) if a < people else chunk.assumed(a)
        return {self.asked.key(a): column for a, column in found.items()}

    def to_csv(self, path: Target | None = None) -> str | None:
        """The rows as CSV, written to that file; without one, the text.

        A column for what is varied, yes or no, and for everybody else, a verdict, or `impossible`. Raises
        QuestionError above a million rows, and where the file cannot be written.
        """
        self._few("CSV")
        lines = self.lines(self.unvaried)
        if path is None:
            return csv_text(lines)
        write_csv(lines, path)
        return None

    def lines(self, about: Sequence[Attendance]) -> Iterator[list[str]]:
        """The rows as they are printed, under their names: what is varied, and the verdicts on those."""
        others = [a for a in about if a in self.unvaried]
        return chain([[*self.over, *map(self.key, others)]], (row.words(others) for row in self))

    def _few(self, what: str) -> None:
        if self.size > MANY:
            raise QuestionError(
                f"{numeral(self.size)} rows are too many for {what}: at most {MANY:,}"
                "\n    ask for a range of rows, or a sample"
            )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns for whoever reads Arrow, as `pyarrow.table(sweep)` does. Needs nanoarrow."""
        return arrow_stream(self.columns, requested_schema)

    @cached_property
    def unvaried(self) -> tuple[Attendance, ...]:
        """Everybody who is not varied."""
        return tuple(a for i, a in enumerate(self.tallies) if i not in self.atoms)

    @property
    def engine_choices(self) -> tuple[Choice, ...]:
        """Which engine gives the verdicts, connected part by connected part, and why."""
        return tuple(choices_of_sweep(self.asked, self.varied))

    @property
    def _whole(self) -> Task:
        """All parts in all rows."""
        return Task(self.varied, everything(self.varied), self.source)

    def _rows(self, start: int, width: int) -> Iterator[Row]:
        facts = frozenset(self.over).intersection(self.asked.facts)
        compiled, chunk = self.asked.compiled, Chunk.of(self._whole, start, width)
        assumed = _by_row([chunk.assumed(a) for a in self.atoms], width)
        verdicts = _by_row([chunk.verdicts(a) for a in range(len(compiled.attendances))], width)
        for lane, (values, of) in enumerate(zip(assumed, verdicts, strict=True)):
            possible = not chunk.found.impossible >> lane & 1
            yield Row(
                Frozen(zip(self.over, values, strict=True)),
                Frozen(zip(compiled.attendances, of, strict=True) if possible else ()),
                possible and not chunk.found.torn >> lane & 1,
                possible,
                compiled.case.roster.main,
                facts,
            )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the counts by gathering and participant."""
        nested: dict[str, dict[str, Any]] = {}
        for a, counts in self.tallies.items():
            nested.setdefault(a.gathering, {})[a.participant] = counts._asdict()
        return {
            "case": self.case,
            "scenario": self.scenario,
            "over": list(self.over),
            "scenarios": self.size,
            "impossible": self.impossible,
            "inconsistent": self.inconsistent,
            "complete": self.complete,
            "counts": nested,
        }

    @property
    def diagram(self) -> Diagram:
        """What is varied in one frame; in the other everybody else, with the counts of their verdicts."""
        varied = [Box((name,), "varied", "quiet", "oval", 0) for name in self.over]
        people = [
            Box(
                (self.key(a), *(f"{verdict} in {numeral(n)}" for verdict, n in shares if n)),
                "attendance",
                tone,
                frame=1,
            )
            for a in self.unvaried
            for shares in [[*zip(Verdict, self.tallies[a], strict=True)]]
            for tone in [_tone(self.tallies[a])]
        ]
        return Diagram("sweep", self.headline, (*varied, *people), (), ("varied", "who comes"))

    def html(self) -> Html:
        """Everybody who is not varied, with the counts of their verdicts and a bar of their shares."""
        rows = [
            (self.key(a), *map(numeral, self.tallies[a]), bar(tuple(zip(SHOWN, self.tallies[a], strict=True))))
            for a in self.unvaried[:SHOWN_AT_MOST]
        ]
        more = len(self.unvaried) - len(rows)
        return section(
            html_table(("who", *Verdict, ""), rows, self.headline),
            *(element("p", note) for note in [*([f"and {more} more"] if more else []), *self.remarks]),
        )

    @property
    def headline(self) -> str:
        """How many scenarios there are, and of what."""
        scenarios = f"{numeral(self.size)} scenario{'' if self.size == 1 else 's'}"
        return f"{scenarios} of {listed(self.over, NAMED)}" if self.over else f"{scenarios}, with nothing varied"

    @property
    def remarks(self) -> Iterator[str]:
        """In how many scenarios something is amiss, if there are any."""
        if self.impossible:
            yield f"In {numeral(self.impossible)} of them nothing can meet what is assumed and given."
        if self.inconsistent:
            yield f"In {numeral(self.inconsistent)} of them not all that was said can be kept."
        if not self.complete:
            yield "Broken off: only the first scenarios are counted, which need not be like the others."

    def __repr__(self) -> str:
        return f"Sweep({self.headline})"

    def __str__(self) -> str:
        told, more = self.unvaried[:TOLD], len(self.unvaried) - TOLD
        width = max((len(self.key(a)) for a in told), default=0)
        counts = ((self.key(a), *map(numeral, self.tallies[a])) for a in told)
        lines = [f"{key:{width}}  attends in {a}, absent in {b}, undetermined in {c}" for key, a, b, c in counts]
        return "\n".join([self.headline, *lines, *([f"and {more} more"] if more > 0 else []), *self.remarks])


def _tone(counts: Counts) -> Tone:
    """The colour of somebody whose verdict is the same in all scenarios, or is not."""
    if not counts.absent and not counts.undetermined:
        return "attends"
    return "absent" if not counts.attends and not counts.undetermined else "undetermined"


def _by_row(columns: Sequence[Sequence[Any]], width: int) -> Iterable[tuple[Any, ...]]:
    """Columns of that length row by row, even if there are none."""
    return zip(*columns, strict=True) if columns else repeat((), width)


def sweep(
    case: Case,
    over: Iterable[Key] | Key | None = None,
    *,
    columns: Any = None,
    rows: range | None = None,
    sample: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Sweep:
    """The verdicts of many scenarios: of every combination of yes and no of what `over` names, each assumed.

    Each is what `resolve` would find. Or of the `rows` of those with these numbers (row 0 has all at no,
    the last name runs fastest), of so many drawn at random (`sample`: each name yes or no alike, by the
    `seed`), or of the scenarios in `columns`: a mapping of name to a sequence of yes and no, or a
    dataframe. What is varied sets the statements about it aside.

    An `executor` with `submit` as in `concurrent.futures` shares the work; the answer is the same.
    `progress` is called with how many scenarios are counted, and how many there are, of each connected
    part only those that differ there; once it returns False, what was counted till then is the answer.
    Raises as `resolve` does, and QuestionError for what cannot be varied or would be too much.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    known_engine(engine)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise QuestionError(
            f"an executor has `submit`, as those of concurrent.futures have, and not so {shown(executor)}"
        )
    if progress is not None and not callable(progress):
        raise QuestionError(f"`progress` is a function of two numbers, not {shown(progress)}")
    atoms, wanted = scenarios(asked, over, columns, rows, sample, seed)
    asked = vary(asked, atoms)
    varied = Varied(asked.compiled.network, atoms, engine)
    tasks = tasks_of(varied, atoms, asked) if wanted is None else [Task(varied, everything(varied), wanted)]
    source = combinations(atoms) if wanted is None else wanted
    try:
        found = [*zip(tasks, tallies(tasks, asked.deadline, executor, progress), strict=True)]
    except ResolutionTimeout as error:
        raise ResolutionTimeout(str(error)) from None
    compiled = asked.compiled
    of_atoms = counted(varied, atoms, found, source.size)
    return Sweep(
        case=compiled.case.title,
        scenario=compiled.scenario.id or "",
        over=tuple(asked.key(a) for a in atoms),
        size=source.size,
        tallies=Frozen((a, of_atoms[i]) for i, a in enumerate(compiled.attendances)),
        impossible=impossible(found, source.size),
        inconsistent=inconsistent(varied, atoms, found, source.size),
        complete=all(tally.rows == task.rows.size for task, tally in found),
        asked=asked,
        atoms=atoms,
        varied=varied,
        source=source,
    )


def _verdict(word: Verdict | str) -> Verdict:
    if word not in [*Verdict]:
        raise QuestionError(f"a verdict is attends, absent or undetermined, not {shown(word)}")
    return Verdict(word)
