"""The verdicts of many scenarios at once: counted, summed up in a rule, or row by row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple, Unpack

from attendance.engines import known_engine
from attendance.engines.deadline import NO
from attendance.engines.rows import Rows, combinations
from attendance.engines.sweeping import Varied
from attendance.engines.tallying import LANES, Executor, Progress, Tally, Task, atoms_of, count, tallies
from attendance.errors import QuestionError, ResolutionTimeout
from attendance.model.case import Case
from attendance.model.conditions import Condition, Constant, Name
from attendance.model.outcome import Frozen, Key, Verdict
from attendance.model.participants import Attendance
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.model.values import shown
from attendance.questions.asking import Asked, ask, vary
from attendance.questions.row import Chunk, Row
from attendance.questions.rule import Table, rule
from attendance.questions.scenarios import scenarios

MOST = 30
"""The most varied names that one connected part may hang on, when all their combinations are counted."""
SUMMED = 20
"""The most varied names of a connected part that a rule is made of."""
MANY = 1 << 20
"""The most rows that are made without being asked for twice."""
AT_ONCE = 8192
"""How many rows are made at once, when they are asked for one by one."""


class Counts(NamedTuple):
    """In how many scenarios somebody attends, is absent, and is undetermined."""

    attends: int
    absent: int
    undetermined: int


@dataclass(frozen=True)
class Sweep(Sequence[Row]):
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

    def __getitem__(self, index: Any) -> Any:
        """The row of that number, or those of a slice as a list."""
        if isinstance(index, slice):
            numbers = range(*index.indices(self.size))
            if numbers.step == 1:
                return [*self._rows(numbers.start, len(numbers))] if numbers else []
            return [self[i] for i in numbers]
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
        return self._rule(atom, wanted)

    def _rule(self, atom: int, wanted: Verdict) -> Condition:
        parts = self.varied.parts
        number = next((n for n, part in enumerate(parts) if atom in part.atoms), None)
        if number is None:  # it is assumed
            value = self.asked.compiled.network.fixed[atom]
            return Constant(wanted is (Verdict.ATTENDS if value else Verdict.ABSENT))
        over = _read_by(self.varied, self.atoms, [number])
        if len(over) > SUMMED:
            raise QuestionError(
                f"{self.asked.key(atom)} hangs on {len(over)} of what is varied, and a rule is made of at most {SUMMED}"
                "\n    vary fewer, or assume some of them"
            )
        task = _task(self.varied, over, [number])
        there = open_ = impossible = 0
        for start in range(0, task.rows.size, task.width):
            found = task.swept(start, min(task.width, task.rows.size), NO)
            there |= found.there[atom] << start
            open_ |= found.open.get(atom, 0) << start
            impossible |= found.impossible << start
        away = (1 << task.rows.size) - 1 ^ (there | open_ | impossible)
        must = {Verdict.ATTENDS: there, Verdict.ABSENT: away, Verdict.UNDETERMINED: open_}[wanted]
        return rule(Table(must, must | impossible, len(over)), [self._name(a) for a in reversed(over)])

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
        if self.size > MANY:
            raise QuestionError(
                f"{self.size} rows are too many for columns: at most {MANY}\n    ask for a range of rows, or a sample"
            )
        people = len(self.asked.compiled.attendances)
        atoms = dict.fromkeys((*self.atoms, *range(people)))
        found: dict[int, list[Any]] = {a: [] for a in atoms}
        for start in range(0, self.size, LANES):
            chunk = Chunk.of(self._whole, start, min(LANES, self.size - start))
            for a, column in found.items():
                column += chunk.verdicts(a) if a < people else chunk.assumed(a)
        return {self.asked.key(a): column for a, column in found.items()}

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns for whoever reads Arrow: `polars.DataFrame(sweep)`, `pyarrow.table(sweep)`. Needs nanoarrow."""
        from attendance.formats.tables import arrow_stream

        return arrow_stream(self.columns, requested_schema)

    @property
    def _whole(self) -> Task:
        """All parts in all rows."""
        return Task(self.varied, _all(self.varied), self.source)

    def _rows(self, start: int, width: int) -> Iterator[Row]:
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

    def __str__(self) -> str:
        width = max((len(self.key(a)) for a in self.tallies), default=0)
        return "\n".join(
            f"{self.key(a):{width}}  attends in {c.attends}, absent in {c.absent}, undetermined in {c.undetermined}"
            for a, c in self.tallies.items()
        )


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
    tasks = _tasks(varied, atoms, asked) if wanted is None else [Task(varied, _all(varied), wanted)]
    source = combinations(atoms) if wanted is None else wanted
    try:
        found = [*zip(tasks, tallies(tasks, asked.deadline, executor, progress), strict=True)]
    except ResolutionTimeout as error:
        raise ResolutionTimeout(str(error)) from None
    compiled = asked.compiled
    counted = _known(compiled.network.fixed, atoms, found, source.size)
    for task, tally in found:
        counted.update(_counts(task, tally, source.size))
    return Sweep(
        case=compiled.case.title,
        scenario=compiled.scenario.id or "",
        over=tuple(asked.key(a) for a in atoms),
        size=source.size,
        tallies=Frozen((a, counted[i]) for i, a in enumerate(compiled.attendances)),
        impossible=max((tally.impossible * _times(task, source.size) for task, tally in found), default=0),
        inconsistent=_inconsistent(varied, atoms, found, source.size),
        complete=all(tally.rows == task.rows.size for task, tally in found),
        asked=asked,
        atoms=atoms,
        varied=varied,
        source=source,
    )


# --- what is to be counted ------------------------------------------------------------------------


def _all(varied: Varied) -> tuple[int, ...]:
    return tuple(range(len(varied.parts)))


def _tasks(varied: Varied, atoms: tuple[int, ...], asked: Asked) -> list[Task]:
    """All combinations, of each connected part only of those names that it hangs on."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for number in _all(varied):
        groups.setdefault(_read_by(varied, atoms, [number]), []).append(number)
    for over, numbers in groups.items():
        if len(over) > MOST:
            part = varied.parts[numbers[0]]
            who = asked.key(part.atoms[part.inner[0]]) if part.inner else "a rule"
            raise QuestionError(
                f"2^{len(over)} scenarios are too many: {who} hangs on {len(over)} of what is varied, "
                f"and all combinations of at most {MOST} are counted\n    vary fewer, or take a sample"
            )
    return [_task(varied, over, numbers) for over, numbers in groups.items()]


def _task(varied: Varied, over: tuple[int, ...], numbers: Sequence[int]) -> Task:
    """All combinations of those names in those parts, and in those that may make a scenario impossible."""
    return Task(varied, tuple(sorted({*numbers, *_doubtful(varied)})), combinations(over))


def _doubtful(varied: Varied) -> list[int]:
    return [number for number, part in enumerate(varied.parts) if part.may_be_impossible]


def _read_by(varied: Varied, atoms: tuple[int, ...], numbers: Sequence[int]) -> tuple[int, ...]:
    """What is varied that those parts hang on, and that which may make a scenario impossible, in order."""
    read = {a for number in (*numbers, *_doubtful(varied)) for a in varied.parts[number].varied}
    return tuple(a for a in atoms if a in read)


def _counts(task: Task, tally: Tally, size: int) -> Iterator[tuple[int, Counts]]:
    """The counts of a task's atoms, each combination standing for all in which the rest is varied too."""
    times = _times(task, size)
    possible = tally.rows - tally.impossible
    for atom, attends, open_ in zip(atoms_of(task), tally.attends, tally.undetermined, strict=True):
        yield atom, Counts(attends * times, (possible - attends - open_) * times, open_ * times)


def _times(task: Task, size: int) -> int:
    """For how many scenarios each row of a task stands."""
    return size // max(1, task.rows.size)


def _inconsistent(varied: Varied, atoms: tuple[int, ...], found: Sequence[tuple[Task, Tally]], size: int) -> int | None:
    """In how many scenarios anything is torn: of several parts, those in which any of them is, looked at together."""
    torn = [(task, tally) for task, tally in found if tally.torn]
    if len(torn) <= 1:
        return sum(tally.torn * _times(task, size) for task, tally in torn)
    numbers = [number for task, _ in torn for number in task.parts]
    over = _read_by(varied, atoms, numbers)
    if len(over) > SUMMED or any(tally.rows < task.rows.size for task, tally in torn):
        return None
    together = _task(varied, over, numbers)
    return count(together, 0, together.rows.size, NO).torn * _times(together, size)


def _known(
    fixed: Sequence[bool | None], atoms: Sequence[int], found: Sequence[tuple[Task, Tally]], size: int
) -> dict[int, Counts]:
    """The counts of what is assumed, and of what is varied where nobody hangs on it: half yes, half no."""
    possible = min(((tally.rows - tally.impossible) * _times(task, size) for task, tally in found), default=size)
    counts = {a: Counts(possible * v, possible * (not v), 0) for a, v in enumerate(fixed) if v is not None}
    counts.update((a, Counts(possible // 2, possible - possible // 2, 0)) for a in atoms)
    return counts


def _verdict(word: Verdict | str) -> Verdict:
    if word not in [*Verdict]:
        raise QuestionError(f"a verdict is attends, absent or undetermined, not {shown(word)}")
    return Verdict(word)
