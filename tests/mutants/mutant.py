"""A mutant: what it changes and where, and its code in place of the original."""

import ast
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from importlib import import_module
from importlib.util import spec_from_file_location
from typing import Any

from tests.mutants.reach import HOME, ROOT, modules


@cache
def source(path: str) -> tuple[list[str], ast.Module]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return text.splitlines(), ast.parse(text)


@cache
def spans(path: str) -> dict[str, list[int]]:
    return json.loads((HOME / f"{path}.spans").read_text())["spans"]


@cache
def written(path: str) -> list[str]:
    return (HOME / path).read_text(encoding="utf-8").splitlines()


def text_of(path: str, name: str) -> list[str]:
    """A function of the mutated file, without what stands above its `def`."""
    start, end = spans(path)[name]
    lines = written(path)[start - 1 : end]
    while not lines[0].lstrip().startswith("def "):
        del lines[0]
    while not lines[-1].strip():
        del lines[-1]
    return lines


@dataclass(frozen=True)
class Mutant:
    """One of them, by mutmut's name for it."""

    key: str
    path: str

    @property
    def name(self) -> str:
        return self.key.rpartition(".")[2]

    @property
    def function(self) -> str:
        return self.name.partition("__mutmut_")[0]

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def node(self) -> ast.FunctionDef:
        """The function in the source."""
        *owner, name = self.function.split("ǁ")[1:] or ("", self.function.removeprefix("x_"))
        body: list[ast.stmt] = source(self.path)[1].body
        if owner and owner[0]:
            body = next(c.body for c in body if isinstance(c, ast.ClassDef) and c.name == owner[0])
        return next(f for f in body if isinstance(f, ast.FunctionDef) and f.name == name)

    def change(self) -> tuple[int, list[str], list[str]]:
        """The line of the source where it differs, and the lines before and after."""
        old, new = (
            text_of(self.path, f"{self.function}__mutmut_{which}") for which in ("orig", self.name.rpartition("_")[2])
        )
        old, new = old[1:], new[1:]  # the names differ
        return self.node().lineno + 1, old, new

    def lines(self) -> list[int]:
        """Lines of the source whose tests can tell it: of the statement that it changes, or of the whole function."""
        first, old, new = self.change()
        if len(old) != len(new):
            return self.whole()
        differ = [first + at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        return (list(innermost(self.node(), differ[0])) if differ else []) or self.whole()

    def difference(self) -> list[str]:
        """What it changes, as a short diff."""
        _, old, new = self.change()
        return [line for line in unified_diff(old, new, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))]

    def written(self) -> str:
        """The lines that it writes, or those that it leaves out."""
        lines = self.difference()
        return "\n".join(line[1:].strip() for line in [line for line in lines if line[0] == "+"] or lines)

    def whole(self) -> list[int]:
        """The lines of the function."""
        return list(range(self.node().lineno + 1, self.node().end_lineno + 1))


def innermost(node: ast.FunctionDef, line: int) -> range:
    """The lines of the smallest statement, or head of one, that holds this line; none for the head of the function."""
    best = range(0)
    for child in ast.walk(node):
        match child:
            case ast.FunctionDef() if child is node:
                continue
            case ast.match_case():
                span = range(child.pattern.lineno, child.body[0].lineno)
            case ast.stmt():
                body = getattr(child, "body", None) or getattr(child, "cases", None)
                end = _start(body[0]) if body else child.end_lineno + 1
                span = range(child.lineno, max(end, child.lineno + 1))
            case _:
                continue
        if line in span and (not best or len(span) < len(best)):
            best = span
    return best if best and best.start > node.body[0].lineno - 1 else range(0)


def _start(node: Any) -> int:
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


class Places:
    """The functions that have mutants; mutmut would put a question before each call, this leaves them as they are."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Callable[..., Any], dict[str, Any]]] = {}
        self.by_name: dict[tuple[str, str], tuple[Callable[..., Any], dict[str, Any]]] = {}

    def keep(self, mutants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Any], Any]:
        """In place of mutmut's decorator."""

        def kept(function: Any) -> Any:
            self.known[id(mutants)] = (function, mutants)
            return function

        return kept

    def settle(self) -> None:
        """Once the tests were collected: imports what they did not import yet."""
        for module in sorted(modules()):
            with suppress(ImportError):
                import_module(module)
        for function, mutants in self.known.values():
            prefix = mutants["_mutmut_orig"].__name__.partition("__mutmut_")[0]
            self.by_name[function.__module__, prefix] = (function, mutants)

    def take(self, mutant: Mutant) -> bool:
        """Puts a mutant's code in place; False if it cannot be."""
        function, mutants = self.by_name[mutant.module, mutant.function]
        new = mutants[mutant.name]
        new = getattr(new, "__func__", new)
        if new.__code__.co_freevars != function.__code__.co_freevars:
            return False
        function.__code__ = new.__code__
        function.__defaults__, function.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
        return True


class Finder:
    """Finds the modules whose mutants are tried where mutmut wrote them."""

    def __init__(self, paths: dict[str, str]) -> None:
        self.paths = paths

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in self.paths:
            return None
        file = HOME / self.paths[name]
        within = [str(ROOT / self.paths[name].removesuffix("/__init__.py"))] if file.name == "__init__.py" else None
        return spec_from_file_location(name, file, submodule_search_locations=within)
