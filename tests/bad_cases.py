"""Reads the corpus of bad input: one file a case, in a folder for each kind. tests/bad/README.md tells the form."""

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "bad"
_HEADER = re.compile(r"--- (?P<name>\S+)(?P<made> =)?")
_TOLD = ("stdout", "stderr")
"""Sections that say what is printed; the others are what is given."""


@dataclass(frozen=True)
class Bad:
    """A command line with its files, and what comes of it."""

    name: str
    arguments: tuple[str, ...]
    status: int
    files: Mapping[str, Any] = field(default_factory=dict)  # text, bytes, or a Path whose content it is
    before: str = ""  # Python that prepares the folder
    stdin: Any = b""
    stdout: str = ""
    stderr: str = ""

    def prepare(self, folder: Path) -> None:
        """Makes the files in the folder, which is the one to run in."""
        for name, content in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_bytes(content))
        if self.before:
            exec(self.before, {"os": os, "Path": Path, "folder": folder})  # the corpus is ours

    @property
    def input(self) -> bytes | Path:
        """What is on standard input: bytes, or the file that it is read from."""
        return self.stdin if isinstance(self.stdin, Path) else _bytes(self.stdin)


def corpus() -> Iterator[Bad]:
    """Every case of the corpus, in the order of their names."""
    for file in sorted(CORPUS.rglob("*.case")):
        yield read(file)


def read(file: Path) -> Bad:
    """The case in a file. Raises ValueError where it has not the form."""
    name = file.relative_to(CORPUS).with_suffix("").as_posix()
    head, sections = _sections(file.read_text(encoding="utf-8"))
    commands = [line[2:] for line in head if line.startswith("$ ")]
    ends = [int(line.removeprefix("ends ")) for line in head if re.fullmatch(r"ends \d", line)]
    if len(commands) != 1 or len(ends) > 1:
        raise ValueError(f"{name}: one line `$ attendance ...`, and perhaps one `ends 1`")
    told = {key: sections.pop(key, "") for key in _TOLD}
    return Bad(
        name,
        _arguments(name, commands[0]),
        ends[0] if ends else 2,
        before=sections.pop("before", ""),
        stdin=sections.pop("stdin", b""),
        files=sections,
        **told,
    )


def _sections(text: str) -> tuple[list[str], dict[str, Any]]:
    """The lines before the first section, and each section with its content."""
    head, found, name = list[str](), dict[str, str](), ""
    made = set[str]()
    for line in text.removesuffix("\n").split("\n"):
        if header := _HEADER.fullmatch(line):
            name = header["name"]
            found[name] = ""
            made.update([name] if header["made"] else [])
        elif name:
            found[name] += line + "\n"
        else:
            head.append(line)
    return head, {name: _made(text) if name in made else text for name, text in found.items()}


def _arguments(name: str, command: str) -> tuple[str, ...]:
    """The words of a command line; in brackets, what Python makes of them."""
    words = _made(command) if command.startswith("[") else shlex.split(command)
    if words[0] != "attendance":
        raise ValueError(f"{name}: a command begins with attendance")
    return tuple(words[1:])


def _made(expression: str) -> Any:
    return eval(expression, {"Path": Path})  # the corpus is ours


def _bytes(content: Any) -> bytes:
    if isinstance(content, Path):
        return content.read_bytes()
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
