"""The page of every public name, read from the library's own sources: signature, what comes back, what it raises."""

import ast
import inspect
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import attendance

PAGE = "reference/names.md"
TITLES = {
    "questions": "Questions and their answers",
    "formats": "Cases in files",
    "model": "Cases, statements, conditions",
    "live": "The live desk",
    "matching": "The live desk",
    "errors": "Errors",
}
"""What the rooms are called that names are sorted by; what has none is together under REST."""
REST = "Engines, certificates and the rest"

INTRODUCTION = """\
# Every Python name

This page is made from the library itself when the site is built: each public name with its signature, what comes
back, and what it raises. [Python](python.md) has the same names by what they are for, with examples: begin there.

`**parts` stands for the keywords that are [parts of a scenario](python.md#questions): `assume`, `given`, `add`,
`withdraw`, `believe`, `disbelieve`, `as_of`, `reading`, `founded`. A `Key` is a name, a pair of a name and a gathering,
or an `Attendance`.

"""

KNOWN = {
    *attendance.__all__,
    *"int str bool float None tuple list dict frozenset set object Any Literal".split(),
    *"Iterable Iterator Sequence Mapping Callable Fraction Decimal datetime date Path PathLike os".split(),
}
"""What the type of a field may speak of: a field of another type is for the library alone."""


def page() -> str:
    """The whole page, as Markdown."""
    titles = dict.fromkeys((*TITLES.values(), REST))
    found: dict[str, list[str]] = {title: [] for title in titles}
    for name in sorted(attendance.__all__, key=lambda name: (name[0].isupper(), name)):  # functions come first
        home, _ = attendance._HOMES[name]
        found[TITLES.get(home.split(".")[1], REST)].append(entry(name))
    return INTRODUCTION + "\n".join(f"## {title}\n\n" + "\n".join(entries) for title, entries in found.items())


def entry(name: str) -> str:
    """A public name: its heading, its signature, its docstring, and what it has."""
    home, inner = attendance._HOMES[name]
    value = getattr(attendance, name)
    node = defined(getattr(value, "__module__", None) or home, getattr(value, "__name__", inner))
    match node:
        case ast.FunctionDef():
            parts = [block(f"at.{name}", node), paragraphs(ast.get_docstring(node))]
        case ast.ClassDef():
            parts = [*made(name, node, value), paragraphs(ast.get_docstring(node)), members(node)]
        case _:
            parts = [f"```text\nat.{name}: {type(value).__name__}\n```\n", f"It lives in `{home}`.\n"]
    return f"### at.{name} {{ #{name} }}\n\n" + "\n".join(part for part in parts if part)


@cache
def tree(module: str) -> ast.Module:
    """The source of a module, parsed."""
    return ast.parse(Path(inspect.getfile(import_module(module))).read_text(encoding="utf-8"))


def defined(module: str, name: str) -> ast.AST | None:
    """Where a name is defined in a module; None if it is neither a function nor a class."""
    nodes = (node for node in tree(module).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return next((node for node in nodes if node.name == name), None)


def block(name: str, node: ast.FunctionDef, bound: bool = False) -> str:
    """A signature, on one line if it fits."""
    return f"```text\n{signature(name, node, bound)}\n```\n"


def signature(name: str, node: ast.FunctionDef, bound: bool = False) -> str:
    """A call with its types, one parameter a line where it is long; a method without its `self`."""
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(plain) - len(a.defaults)) + list(a.defaults)
    given = [parameter(p, d) for p, d in zip(plain, defaults, strict=True)][int(bound) :]
    if a.vararg or a.kwonlyargs:
        given.append(f"*{parameter(a.vararg)}" if a.vararg else "*")
    given += [parameter(p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True)]
    if a.kwarg:
        given.append("**parts")
    back = f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
    return laid_out(name, given, back)


def laid_out(name: str, given: list[str], back: str) -> str:
    """A call on one line if it fits, else one parameter a line."""
    line = f"{name}({', '.join(given)}){back}"
    return line if len(line) <= 88 else "\n".join([f"{name}(", *(f"    {one}," for one in given), f"){back}"])


def parameter(given: ast.arg, default: ast.expr | None = None) -> str:
    """A parameter with its type and its default."""
    kind = f": {ast.unparse(given.annotation)}" if given.annotation else ""
    return f"{given.arg}{kind}" + (f" = {ast.unparse(default)}" if default else "")


def made(name: str, node: ast.ClassDef, value: type) -> list[str]:
    """How a value is made: by its own keywords, or by its `__init__`; nothing for answers, which questions make."""
    own = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
    if own and not issubclass(value, Exception):
        return [block(f"at.{name}", own, bound=True)]
    if issubclass(value, Exception):
        above = [base.__name__ for base in value.__bases__ if base.__name__ != "Exception"]
        return [f"```text\nat.{name}" + (f"({', '.join(above)})" if above else "") + "\n```\n"]
    if hasattr(value, "model_fields"):
        keys = [f"{key}={plain_default(field)}" for key, field in value.model_fields.items()]
        return ["```text\n" + laid_out(f"at.{name}", keys, "") + "\n```\n"]
    return []


def plain_default(field) -> str:
    """The default of a key, or dots where it has to be given."""
    return "..." if field.is_required() else repr(field.get_default(call_default_factory=True))


def members(node: ast.ClassDef) -> str:
    """The public fields, properties and methods of a class."""
    rows = []
    values = [ast.unparse(base) for base in node.bases]
    for part in node.body:
        match part:
            case ast.AnnAssign(target=ast.Name(id=key)) if not key.startswith("_") and "Value" not in values:
                kind = ast.unparse(part.annotation)
                if set(re.findall(r"\w+", re.sub(r"'[^']*'", "", kind))) <= KNOWN:
                    rows.append((f"`.{key}`", f"`{kind}`".replace("|", "\\|")))
            case ast.Assign(targets=[ast.Name(id=key)]) if key.isupper():
                rows.append((f"`.{key}`", f"`{ast.unparse(part.value)}`"))
            case ast.FunctionDef() if not part.name.startswith("_"):
                rows.append((f"`{called(part)}`".replace("|", "\\|"), line(ast.get_docstring(part))))
    if not rows:
        return ""
    return "| it has | |\n|---|---|\n" + "".join(f"| {key} | {what} |\n" for key, what in rows)


def called(node: ast.FunctionDef) -> str:
    """A property by its name, a method as it is called."""
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    if marks & {"property", "cached_property"}:
        return f".{node.name}"
    short = signature(f".{node.name}", node, "staticmethod" not in marks)
    return re.sub(r"\s+", " ", short).replace("( ", "(").replace(", )", ")")


def paragraphs(docstring: str | None) -> str:
    """A docstring as Markdown; in it, `code` stands as it is, and so do indented examples."""
    return f"{docstring}\n" if docstring else ""


def line(docstring: str | None) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join((docstring or "").split("\n\n")[0].split()).replace("|", "\\|")
