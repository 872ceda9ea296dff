"""What coverage does not count stands in docs/reliability.md, each with its reason, and nothing else is left out."""

import re
import tokenize
import tomllib
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "attendance").rglob("*.py"))
PRAGMA = re.compile(r"^(?P<code>.*?)\s*# pragma: no (?P<kind>cover|branch) - (?P<reason>\S.*)$")
REPORT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]["report"]


def section() -> str:
    """The chapter about coverage."""
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    return page.partition("\n## Coverage\n")[2].partition("\n## ")[0]


def rows(head: str) -> list[tuple[str, ...]]:
    """The rows of the table that begins with a head."""
    table = section().partition(f"\n{head}\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]) for row in table]


def lines(file: Path) -> list[str]:
    """The lines of a file without those inside its docstrings."""
    with tokenize.open(file) as stream:
        texts = [t for t in tokenize.generate_tokens(stream.readline) if t.type == tokenize.STRING]
    inside = {number for text in texts for number in range(text.start[0] + 1, text.end[0] + 1)}
    every = file.read_text(encoding="utf-8").splitlines()
    return [line.strip() for number, line in enumerate(every, 1) if number not in inside]


def patterns(option: str) -> list[str]:
    """The patterns of lines that coverage leaves out as this repository is configured."""
    chosen = coverage.Coverage(config_file=str(ROOT / "pyproject.toml")).get_option(option)
    return [pattern for pattern in chosen if "pragma" not in pattern]


def test_every_line_left_out_stands_in_the_table_with_its_reason() -> None:
    marked = [(file.relative_to(ROOT), line) for file in FILES for line in lines(file) if "pragma" in line]
    said = [(file, PRAGMA.match(line)) for file, line in marked]
    assert not [file for file, found in said if not found], "a pragma says what it leaves out, and why"
    inside = [(f"`{file}`", f"`{found['code']}`", found["reason"]) for file, found in said]
    assert sorted(inside) == sorted(rows("| where | what | why |"))


def test_every_pattern_left_out_stands_in_the_table() -> None:
    left_out = [p for option in ("report:exclude_lines", "report:partial_branches") for p in patterns(option)]
    found = {line for file in FILES for line in lines(file) if any(re.search(p, line) for p in left_out)}
    short = {re.sub(r"^assert_never\(.*?\).*", "assert_never(...)", line) for line in found}
    assert short == {what.strip("`") for what, _ in rows("| lines | why |")}


def test_only_patterns_that_are_told_are_added() -> None:
    assert ["assert_never\\("] == REPORT["exclude_also"]
    assert not {"exclude_lines", "partial_branches", "partial_also", "omit", "include"} & set(REPORT)


def test_less_than_all_fails() -> None:
    assert (100, 2) == (REPORT["fail_under"], REPORT["precision"])


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_line_is_left_out_in_another_way(file: Path) -> None:
    assert not re.search(r"#.*\bnocover\b|coverage\.(?:stop|pause)", file.read_text(encoding="utf-8"))
