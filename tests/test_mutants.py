"""What docs/reliability.md says of the mutants is what came out: tests/mutants/verdicts.txt."""

from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.results import VERDICTS, remembered

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"


def counted() -> dict[str, Counter[str]]:
    """How the mutants of each room ended, and of all together."""
    found: dict[str, Counter[str]] = {}
    for function, (_, letters) in remembered().items():
        for room in ("all", function.split(".")[1]):
            found.setdefault(room, Counter()).update(letters)
    return found


def rows() -> dict[str, list[str]]:
    """The rows of the table, by room."""
    table = PAGE.read_text(encoding="utf-8").partition("| room | mutants |")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {row[0]: row[1:] for row in cells}


@pytest.mark.parametrize("room", ["all", "compiler", "engines", "model"])
def test_the_table_says_what_came_out(room: str) -> None:
    letters = counted()[room]
    mutants, killed, timed_out, survived, _, untried, score = rows()[room]
    assert [mutants, killed, timed_out, survived, untried] == [
        str(number) for number in (letters.total(), letters["k"], letters["t"], letters["s"], letters["-"])
    ]
    tried = letters.total() - letters["-"]
    assert score == f"{100 * (letters['k'] + letters['t']) / tried:.1f} %"


def test_each_function_has_its_line_once() -> None:
    lines = VERDICTS.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(remembered())
    assert all(set(line.split()[2]) <= set("kts-") for line in lines)
