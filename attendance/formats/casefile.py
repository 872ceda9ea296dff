"""Case files: YAML, JSON and TOML to a case and back, every mistake with its file, line and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from attendance.errors import CaseError, Guesses, InputError, Problem, QuestionError, visible
from attendance.formats.decoding import file_text
from attendance.formats.document import DocumentError, Node, Place, with_line_feeds
from attendance.formats.files import path_of, save
from attendance.formats.reading import read
from attendance.formats.writing import write
from attendance.model.bulk import collector_paused
from attendance.model.case import MAIN, Case
from attendance.model.checking import problems
from attendance.model.conditions import ALWAYS
from attendance.model.declarations import declaration_problems
from attendance.model.draft import Draft
from attendance.model.expectation import Expectation, parse_expectation
from attendance.model.language import locate
from attendance.model.participants import Fact, Gathering, Group, Participant
from attendance.model.sayings import Might
from attendance.model.scenario import Scenario
from attendance.model.statements import Rule, Statement, number_rules, number_statements
from attendance.model.values import Value, shown, unknown_key

MOST_ITEMS = 500_000  # participants, statements and the like in a file; each takes a kilobyte or two
Format = Literal["yaml", "json", "toml"]
SUFFIXES: dict[str, Format] = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml"}
KEYS = (
    "title",
    "timezone",
    "gatherings",
    "participants",
    "groups",
    "facts",
    "rules",
    "statements",
    "scenarios",
    "expect",
)
SHORT = {"facts": "value", "groups": "members"}
"""What a bare value stands for in a mapping of facts or groups."""
_BLANKS = {"says": Might(), "rule": ALWAYS}
"""What stands in for what could not be read, so that the rest of a statement or rule can be checked."""
MODELS: dict[str, type[Value]] = {
    "gatherings": Gathering,
    "participants": Participant,
    "groups": Group,
    "facts": Fact,
    "rules": Rule,
    "statements": Statement,
    "scenarios": Scenario,
}


def load(path: str | PathLike[str]) -> Case:
    """The case in a file, read by its suffix: .yaml, .yml, .json or .toml; .ics as `from_ics` reads it.

    Raises CaseError with every problem, each with its line and column.
    """
    file = path_of(path)
    if file.suffix.lower() == ".ics":
        from attendance.formats.ics.reading import from_ics

        return from_ics(file)
    format = format_of(file)
    return loads(file_text(file), format=format, file=str(path))


def loads(text: str, *, format: Format = "yaml", file: str = "<text>") -> Case:
    """The case that the text describes. `file` is what problems call it. Raises CaseError."""
    if format not in SUFFIXES.values():
        raise QuestionError(f"the format is yaml, json or toml, not {shown(format)}")
    if not isinstance(text, str):
        raise InputError(f"expected the text of a case file, not {shown(text)}")
    with collector_paused():
        try:
            tree = read(text, format)
        except DocumentError as error:
            raise CaseError(
                Problem(f.message, file=file, line=f.place.line, column=f.place.column) for f in error.problems
            ) from None
        return case_of(tree, file, text)


def case_of(tree: Node, file: str, text: str) -> Case:
    """The case that a tree describes, which has the sections of a case file. Raises CaseError."""
    return _Reader(tree, file, text).case()


def dumps(case: Case, *, format: Format = "yaml") -> str:
    """The text of a case file: `loads(dumps(case)) == case`."""
    if format not in SUFFIXES.values():
        raise QuestionError(f"the format is yaml, json or toml, not {shown(format)}")
    if not isinstance(case, Case):
        raise InputError(f"expected a case, not {shown(case)}")
    return write(case, format)


def dump(case: Case, path: str | PathLike[str]) -> None:
    """Write the case to a file, in the format of its suffix; written beside and moved into place."""
    text = dumps(case, format=format_of(path_of(path)))
    try:
        save(path, text)
    except InputError as error:
        raise CaseError([Problem(str(error))]) from None


def format_of(file: Path) -> Format:
    """The format that a file's suffix stands for. Raises CaseError for another suffix."""
    found = SUFFIXES.get(file.suffix.lower())
    if found is None:
        hint = "name it .yaml, .json or .toml"
        if file.suffix.lower() == ".journal":
            hint = f"a journal becomes one with: attendance journal export {visible(str(file))} -o case.yaml"
        raise CaseError([Problem(f"{visible(str(file))}: a case file is YAML, JSON or TOML, by its suffix", hint=hint)])
    return found


@dataclass
class _Reader:
    """One document on its way to a case: each value on its own first, then all of them together."""

    tree: Node
    file: str
    written: str
    found: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    guesses: Guesses = field(default_factory=Guesses)
    whole: bool = True  # whether every section could be read, so that what is not in one is unknown

    def case(self) -> Case:
        top = self.mapping(self.tree, (), "a case file is a mapping with keys like participants and statements")
        for key, node in top.items():
            if key not in (*KEYS, "$schema"):
                self.found.append(self.unknown(key, node, (key,), KEYS))
                self.whole = self.whole and self.guess(key, KEYS) is None
        self.count(top)
        values = {key: self.section(key, top.get(key)) for key in MODELS}
        expect = list(self.expectations(top.get("expect")))
        plain = {key: self.text(key, top.get(key)) for key in ("title", "timezone")}
        draft = self.draft(values, expect, "UTC" if plain["timezone"] is None else plain["timezone"])
        self.found += problems(draft) if self.whole else declaration_problems(draft)
        if self.found:
            raise CaseError(sorted(map(self.placed, self.found), key=lambda p: (p.line or 0, p.column or 0)))
        return Case.checked(draft, plain["title"] or "")

    def count(self, top: Mapping[str, Node]) -> None:
        """Refuses what would take too much memory, at the section that is too many."""
        room = MOST_ITEMS
        for key in MODELS:
            node = top.get(key)
            room -= len(node.value) if node and isinstance(node.value, list | dict) else 0
            if room < 0:
                message = f"a case file has at most {MOST_ITEMS:,} participants, statements and the like: split it"
                raise CaseError([self.placed(Problem(message, (key,), about_key=True))])

    def draft(self, values: Mapping[str, Any], expect: Sequence[Any], timezone: str) -> Draft:
        """The values as a draft, with ids for statements and rules that have none."""
        numbered = number_statements([s for _, s in values["statements"]])
        rules = number_rules([r for _, r in values["rules"]])
        return Draft(
            **{
                **values,
                "gatherings": values["gatherings"] or [((), Gathering(id=MAIN))],
                "statements": [(path, s) for (path, _), s in zip(values["statements"], numbered, strict=True)],
                "rules": [(path, r) for (path, _), r in zip(values["rules"], rules, strict=True)],
            },
            expect=expect,
            timezone=timezone,
            broken=frozenset(self.broken),
        )

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, which only errors want."""
        return with_line_feeds(self.written).split("\n")

    # --- sections ---

    def text(self, key: str, node: Node | None) -> str | None:
        if node is None or node.value is None:
            return None
        if isinstance(node.value, list | dict):
            self.found.append(Problem(f"expected text, not {shown(_plain(node))}", (key,)))
            return None
        try:
            return Case(title=node.text if node.text is not None else str(node.value)).title
        except CaseError as error:
            self.found += (replace(p, path=(key,)) for p in error.problems)
            return None

    def section(self, key: str, node: Node | None) -> list[tuple[tuple[str | int, ...], Any]]:
        """Every value of a section that can be read, with its path."""
        if node is None or node.value is None:
            return []
        model, values = MODELS[key], []
        for path, item in self.items(key, node):
            data = self.body(key, item, path, model)
            value = None if data is None else self.value(data, path, model)
            if value is not None:
                values.append((path, value))
        return values

    def value(self, data: object, path: tuple[str | int, ...], model: type[Value]) -> Value | None:
        """The value that the data makes; where some of it is wrong, that of the rest, so that it is checked too."""
        if made := model.of_texts(data):
            return made
        try:
            return model.model_validate(data)
        except CaseError as error:
            self.broken.update((str(path[-1]), *_names(data)))
            self.found += (replace(p, path=path + p.path) for p in error.problems)
            for problem in error.problems:
                data = _without(data, problem.path)
        try:
            return model.model_validate(data)
        except CaseError:
            return None

    def items(self, key: str, node: Node) -> Iterator[tuple[tuple[str | int, ...], Node]]:
        match node.value:
            case list(items):
                if key == "scenarios":
                    self.found.append(Problem("scenarios are a mapping of names to what they suppose", (key,)))
                    self.whole = False
                    return
                yield from (((key, i), item) for i, item in enumerate(items))
            case dict(items) if key not in ("rules", "statements"):
                yield from (((key, name), item) for name, item in items.items())
            case _:
                what = "a list" if key in ("rules", "statements") else "a mapping of names"
                self.found.append(Problem(f"{key} are {what}, not {shown(_plain(node))}", (key,)))
                self.whole = False

    def body(self, key: str, node: Node, path: tuple[str | int, ...], model: type[Value]) -> object:
        """An item's data for its model: with the id that is its key, short forms written out."""
        named = isinstance(path[-1], str)
        match node.value:
            case dict():
                data = self.keys(node, path, model)
                if named and "id" in data:
                    self.found.append(Problem("the name is the key: remove the 'id'", (*path, "id")))
                return {**data, "id": path[-1]} if named else data
            case None if named:
                return {"id": path[-1]}
            case _ if named and key in SHORT:
                return {"id": path[-1], SHORT[key]: _plain(node)}
            case str() if not named:
                return node.value
            case None:
                self.found.append(Problem("nothing is said here: remove it", path))
                return None
            case _:
                self.broken.add(str(path[-1]))
                self.found.append(Problem(f"expected keys and values, not {shown(_plain(node))}", path))
                return None

    def keys(self, node: Node, path: tuple[str | int, ...], model: type[Value]) -> dict[str, Any]:
        """The known keys with their values; a known key without a value is as good as absent."""
        assert isinstance(node.value, dict)
        data: dict[str, Any] = {}
        for key, value in node.value.items():
            if key not in model.model_fields:
                self.found.append(self.unknown(key, value, (*path, key), list(model.model_fields)))
            elif value.missing:
                self.found.append(_cut_off(f"the key {key!r}", (*path, key)))
            elif key == "add" and isinstance(value.value, list):
                data[key] = list(self.added(value, (*path, key)))
            elif value.value is not None or key == "value":
                data[key] = _plain(value)
        return data

    def added(self, node: Node, path: tuple[str | int, ...]) -> Iterator[object]:
        assert isinstance(node.value, list)
        for i, item in enumerate(node.value):
            yield self.keys(item, (*path, i), Statement) if isinstance(item.value, dict) else _plain(item)

    def expectations(self, node: Node | None) -> Iterator[tuple[tuple[str | int, ...], Expectation]]:
        if node is None or node.value is None:
            return
        for scenario, answers in self.mapping(node, ("expect",), "expect is a mapping of scenarios").items():
            path = ("expect", scenario)
            for about, answer in self.mapping(answers, path, "expected answers are a mapping of names").items():
                try:
                    yield (*path, about), parse_expectation(scenario, about, _plain(answer))
                except ValueError as error:
                    self.found.append(Problem(str(error), (*path, about)))

    def mapping(self, node: Node, path: tuple[str | int, ...], message: str) -> dict[str, Node]:
        if isinstance(node.value, dict):
            return node.value
        if node.value is not None:
            self.found.append(Problem(f"{message}, not {shown(_plain(node))}", path))
        return {}

    def unknown(self, key: str, node: Node, path: tuple[str | int, ...], known: Sequence[str]) -> Problem:
        if node.missing or (node.value is None and not self.guess(key, known)):
            return _cut_off(f"unknown key {shown(key)}", path)
        return replace(unknown_key(key, path, list(known), guess=self.guess), about_key=True)

    def guess(self, key: str, known: Iterable[str]) -> str | None:
        """The nearest key of those known, if there is one; in a file of very many mistakes, of the first only."""
        return self.guesses.near(" ".join(known), key, known)

    # --- places ---

    def placed(self, problem: Problem) -> Problem:
        """The problem with its place in the file, and the very word where it is in a text."""
        around, node, rest = self.tree, self.tree, list(problem.path)
        while rest:
            inner = _child(node, rest[0])
            if inner is None and rest[0] != SHORT.get(str(problem.path[0])):
                break
            around, node = (node, inner) if inner is not None else (around, node)
            rest.pop(0)
        place = node.place
        exact = _find(node, problem.word) if problem.word is not None and not problem.about_key else None
        told = problem.text is not None or (rest and problem.word is not None and not problem.about_key)
        if isinstance(node.value, str) and told:
            start, end = problem.start, problem.end
            if problem.text != node.value:
                start, end = locate(node.value, problem.word) if problem.word else (0, len(node.value))
            place = node.at(start)
            hint = problem.hint or self.comma(problem, node, around)
            problem = replace(problem, text=node.value, start=start, end=end, hint=hint)
        elif exact is not None:
            place = exact
        elif node.key is not None and (rest or problem.about_key):
            place = node.key
        return replace(problem, file=self.file, line=place.line, column=place.column)

    def comma(self, problem: Problem, node: Node, around: Node) -> str | None:
        """A hint where a text in brackets ends too early, as a comma may have ended it."""
        if not node.plain or not problem.message.endswith("but the text ends here"):
            return None
        line = self.lines[around.place.line - 1]
        bracket = line[around.place.column - 1 : around.place.column]
        return "in brackets a comma ends a text: put it in quotes" if bracket in ("[", "{") else None


def _child(node: Node, key: str | int) -> Node | None:
    match node.value:
        case dict(items) if isinstance(key, str):
            return items.get(key)
        case list(items) if isinstance(key, int) and key < len(items):
            return items[key]
        case _:
            return None


def _find(node: Node, word: str) -> Place | None:
    """Where a word stands in a scalar or a list of scalars."""
    if isinstance(node.value, list):
        return next((place for item in node.value if (place := _find(item, word))), None)
    return node.place if node.value == word else None


def _plain(node: Node) -> Any:
    """The node's value without places."""
    match node.value:
        case dict(items):
            return {key: _plain(item) for key, item in items.items()}
        case list(items):
            return [_plain(item) for item in items]
        case value:
            return value


def _names(data: object) -> Iterator[str]:
    """The names and sources that something unreadable declares, so that nobody calls them unknown."""
    if isinstance(data, dict):
        for key in ("id", "source"):
            if isinstance(data.get(key), str):
                yield data[key]
        for key in ("of", "tags"):
            named = data.get(key)
            several = named if isinstance(named, list) else [named]
            yield from (name for name in several if isinstance(name, str))


def _cut_off(key: str, path: tuple[str | int, ...]) -> Problem:
    """The problem of a key without a value, which may be the rest of a text."""
    message = f"{key} without a value: perhaps a comma ended the text"
    return Problem(message, path, hint="put the text in quotes", about_key=True)


def _without(data: object, path: tuple[str | int, ...]) -> object:
    """The data without what stands at the path, or with a blank where something must be said."""
    if not path or path == ("id",):
        return None
    key, *rest = path
    if isinstance(data, dict) and key in data:
        inner = _without(data[key], tuple(rest))
        blank = _BLANKS.get(str(key)) if inner is None else inner
        return {**{k: v for k, v in data.items() if k != key}, **({} if blank is None else {key: blank})}
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        inner = _without(data[key], tuple(rest))
        return None if inner is None else [*data[:key], inner, *data[key + 1 :]]
    return None
