"""Simple lines of YAML: what is taken at once is what PyYAML makes of it, to the last place, and no fault differs."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.formats import yaml as yaml_format
from attendance.formats.document import DocumentError, Fault, Node
from attendance.formats.lines import Lines
from attendance.formats.reading import read
from tests.sizes import examples_of

SCALARS = (
    "a|b c|p attends only if q|x:y|a:|- a|'q'|\"q r\"|'it''s'|\"\\n\"|~|null|NULL||#c|a #c|a#c|a,b|<<|*x|&a b|!t x|? x|"
    "> |...|---|a\tb|\tz|é|\u2028x|'a' #|\ufeffa|%a|@|`|a?|a ? b|: x|a : b|{a: b}|{a: b, c: [d, e]}|[a, b]|[]|{}|{a}|"
    '{a: }|[a: b]|{"a": b}|{"a":b}|"a":[b]|{a: {b: {c: [d]}}}|{a: b} # c|[a, b,]|[,a]|{,}|{a: b, a: c}|{a: b}}|- - a|'
    "- k: v|k: v|k: {a: b}|\"k\": v|'k': ''|k:|k: # c|[[a], [b]]|[[[[[a]]]]]|{a: b?}|{<<: a}|{'': a}"
).split("|")
KEYS = ["a", "b", "c", "d", '"a"', "'e f'", "''", "<<", "k l", ".x", "...", "-", "?x", "é", "a b", "#", "x" * 1200]
ends = st.sampled_from(["", "", "", " ", "  # c"])
entries = st.one_of(
    st.builds("- {}{}{}".format, st.sampled_from(["", " "]), st.sampled_from(SCALARS), ends),
    st.builds("{}: {}{}".format, st.sampled_from(KEYS), st.sampled_from(SCALARS), ends),
)
lines = st.one_of(
    st.builds(lambda indent, entry: " " * indent + entry, st.sampled_from([0, 0, 2, 2, 2, 4, 4, 6, 1]), entries),
    st.sampled_from(["", "#c", "  # c: d", " "]),
)
items = st.lists(st.sampled_from(SCALARS), min_size=1, max_size=5)
texts = st.one_of(
    st.lists(lines, max_size=8).map("\n".join),
    items.map(lambda several: "k:\n" + "".join(f"  - {item}\n" for item in several)),
    items.map(lambda several: "".join(f"- {item}\n" for item in several)),
    items.map(lambda several: "".join(f"m{i}: {item}\n" for i, item in enumerate(several))),
    items.map(lambda several: "".join(f"m{i}:\n   n: {item}\n   o: a\n" for i, item in enumerate(several))),
    items.map(lambda several: "".join(f"- m: {item}\n  n: a\n" for item in several)),
)


def made(text: str) -> Node | tuple[Fault, ...]:
    try:
        return read(text, "yaml")
    except DocumentError as error:
        return error.problems


def made_by_pyyaml(text: str) -> Node | tuple[Fault, ...]:
    with patch.object(yaml_format._Scanner, "skip", lambda *_: None):
        return made(text)


@given(text=texts, end=st.sampled_from(["", "\n", "\n\n", "\n  \n# end"]))
@examples_of(1500)
def test_simple_lines_are_what_pyyaml_makes_of_them(text: str, end: str) -> None:
    assert made_by_pyyaml(text + end) == made(text + end)


def taken(text: str) -> int:
    """How many keys and values are taken at once."""
    found = []
    real = Lines.__init__

    def noted(self: Lines, *args: object) -> None:
        real(self, *args)  # type: ignore[arg-type]
        found.append(self)

    with patch.object(Lines, "__init__", noted):
        read(text, "yaml")
    return sum(lines.nodes for lines in found)


@pytest.mark.parametrize(
    ("entry", "nodes"),
    [
        ("  - p attends only if q  # a comment\n\n# and more\n", 1),
        ("  - {who: p, says: attends if q, said: 2025-05-14, supersedes: [a, 'b'], x: {y: z}}\n", 15),
        ("  - who: p\n    says: attends\n    source:\n", 7),
        ("  - 'p attends'\n", 1),
        ("  - [a, [b, c], {}]\n", 6),
    ],
)
def test_what_people_write_is_taken_at_once(entry: str, nodes: int) -> None:
    text = "statements:\n" + entry * 10
    assert nodes * 9 <= taken(text) < nodes * 10  # the last one is PyYAML's, perhaps not all of it
    assert made_by_pyyaml(text) == made(text)


def test_participants_are_taken_at_once() -> None:
    short = "".join(f"  p{i}:\n" for i in range(10))
    long = "".join(f"  p{i}:\n    name: Person {i}\n    of: [a, b]\n" for i in range(10))
    assert (18, 8 * 9 + 2) == (taken("participants:\n" + short), taken("participants:\n" + long))


def test_what_is_unusual_is_left_and_the_rest_is_taken() -> None:
    text = "- a\n" * 10 + "- >\n  folded\n  text\n" + "- b\n" * 10
    assert 19 == taken(text)
    assert made_by_pyyaml(text) == made(text)


def test_the_limit_of_all_keys_and_values_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_format, "MOST_NODES", 101)
    assert isinstance(made("- a\n" * 100), Node)
    for entry in ("- a\n", "- {b: c}\n", "- d:\n"):
        assert made_by_pyyaml(entry * 200) == made(entry * 200)
    (fault,) = made("- a\n" * 101)
    assert (101, "the document has more than 101 keys and values: split it") == (fault.place.line, fault.message)


def test_what_is_not_in_simple_lines_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_format, "MOST_YAML_NODES", 10)
    assert isinstance(made("- a\n" * 1000), Node)
    (fault,) = made('- "\\x41"\n' * 20)
    assert (10, True) == (fault.place.line, "more than 10 keys and values that are not in simple" in fault.message)


def test_a_hundred_thousand_lines_are_read() -> None:
    count = 100_000
    tree = read("statements:\n" + "".join(f"  - p{i} attends only if p{i - 1}\n" for i in range(count)), "yaml")
    assert isinstance(tree.value, dict)
    said = tree.value["statements"].value
    assert isinstance(said, list)
    assert (count, "p99999 attends only if p99998") == (len(said), said[-1].value)
    assert (100_001, 5) == (said[-1].place.line, said[-1].place.column)
