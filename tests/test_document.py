"""YAML, JSON and TOML as trees of values with places: what is read, what is refused, and where."""

import copy
import json
import os
import pickle
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args
from unittest.mock import patch

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.formats import json as json_format
from attendance.formats import toml as toml_format
from attendance.formats import yaml as yaml_format
from attendance.formats.document import MOST_BYTES, DocumentError, Fault, Node, Place
from attendance.formats.reading import read

Format = Literal["yaml", "json", "toml"]
FORMATS: tuple[Format, ...] = get_args(Format)
THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
thorough = settings(
    max_examples=500 if THOROUGH else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def plain(node: Node) -> Any:
    """The values alone."""
    if isinstance(node.value, dict):
        return {key: plain(member) for key, member in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def places(node: Node) -> Any:
    """Of every value the place, and of members that of the key before it: "2:5", or "2:1 2:5"."""
    here = " ".join(f"{p.line}:{p.column}" for p in (node.key, node.place) if p)
    if isinstance(node.value, dict):
        return here, {key: places(member) for key, member in node.value.items()}
    if isinstance(node.value, list):
        return here, [places(item) for item in node.value]
    return here


def scalars(node: Node) -> Iterator[Node]:
    if isinstance(node.value, dict | list):
        for inner in node.value.values() if isinstance(node.value, dict) else node.value:
            yield from scalars(inner)
    else:
        yield node


def faults(text: str, format: Format = "yaml") -> list[tuple[int, int, str]]:
    with pytest.raises(DocumentError) as caught:
        read(text, format)
    return [(f.place.line, f.place.column, f.message) for f in caught.value.problems]


def refused(text: str, format: Format, line: int, column: int, message: str) -> None:
    """There is one fault, there, which says that."""
    found = faults(text, format)
    assert [(line, column)] == [fault[:2] for fault in found], found
    assert message in found[0][2]


# --- what every format has in common


def test_the_first_import_loads_no_reader() -> None:
    code = "import attendance.formats.document; print({'yaml', 'tomllib'} & (set(sys.modules) - old))"
    told = subprocess.check_output([sys.executable, "-c", f"import sys; old = set(sys.modules); {code}"], text=True)
    assert told.strip() == "set()"


def test_a_format_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="one of yaml, json and toml, not 'xml'"):
        read("", "xml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("yaml", "- a\n- b"),
        ("json", '["a",\n "b"]'),
        ("toml", 'a = "b"\n'),
    ],
)
def test_a_byte_order_mark_and_windows_lines_change_nothing(format: Format, text: str) -> None:
    same = read(text, format)
    assert same == read("\ufeff" + text, format) == read(text.replace("\n", "\r\n"), format)
    assert same == read(text.replace("\n", "\r"), format)


def test_nodes_are_frozen_and_can_be_copied_and_pickled() -> None:
    tree = read('a: "x\\ty"\nb: |\n  c\n', "yaml")
    assert tree == copy.deepcopy(tree) == pickle.loads(pickle.dumps(tree))
    with pytest.raises(AttributeError):
        tree.value = 1  # type: ignore[misc]


def test_an_error_says_all_and_can_be_pickled() -> None:
    with pytest.raises(DocumentError) as caught:
        read("a: *x\na: &y 1", "yaml")
    error = pickle.loads(pickle.dumps(caught.value))
    assert caught.value.problems == error.problems
    assert error.problems[1] == Fault(error.problems[1].message, Place(2, 1))
    assert "line 2, column 1: the key 'a' is given twice: first in line 1, column 1; remove" in str(error)


hidden = {
    "\x00": "control character U+0000",
    "\x07": "control character U+0007",
    "\x0c": "control character U+000C",
    "\x1b": "control character U+001B",
    "\x7f": "control character U+007F",
    "\x85": "control character U+0085",
    "\u061c": "U+061C changes the direction",
    "\u200e": "U+200E changes the direction",
    "\u200f": "U+200F changes the direction",
    "\u202a": "U+202A changes the direction",
    "\u202b": "U+202B changes the direction",
    "\u202c": "U+202C changes the direction",
    "\u202d": "U+202D changes the direction",
    "\u202e": "U+202E changes the direction",
    "\u2066": "U+2066 changes the direction",
    "\u2067": "U+2067 changes the direction",
    "\u2068": "U+2068 changes the direction",
    "\u2069": "U+2069 changes the direction",
    "\ud800": "U+D800 is half a character",
}


@pytest.mark.parametrize("character", hidden, ids=ascii)
@pytest.mark.parametrize("format", FORMATS)
def test_hidden_characters_are_refused_where_they_are(format: Format, character: str) -> None:
    text = {"yaml": 'a: "b"\nc: "d{}"', "json": '{{"a": "b",\n"c":"d{}"}}', "toml": 'a = "b"\nc= "d{}"'}
    refused(text[format].format(character), format, 2, 6 if format != "json" else 7, hidden[character])


@pytest.mark.parametrize("format", FORMATS)
def test_hidden_characters_are_refused_in_comments_and_told_with_the_rest(format: Format) -> None:
    text = {"yaml": "# \u202e\na: 1\na: 2", "json": '\u202e{"a": 1}', "toml": "# \u202e\na = 1\na = 2"}
    found = faults(text[format], format)
    assert "U+202E" in found[0][2]
    if format != "json":  # there it ends the reading
        assert "given twice" in found[1][2]


@pytest.mark.parametrize("character", [c for c in hidden if c < "\ud800"], ids=ascii)
def test_hidden_characters_are_refused_where_they_are_escaped(character: str) -> None:
    for format, text in {"yaml": 'a: "bc{}"', "json": '{{"a":"bc{}"}}', "toml": 'a= "bc{}"'}.items():
        column = 7 if format != "json" else 9
        refused(text.format(f"\\u{ord(character):04x}"), format, 1, column, hidden[character])  # type: ignore[arg-type]
    refused('["b\\r"]', "json", 1, 4, "control character U+000D")
    assert plain(read('["b\\r\\n"]', "json")) == ["b\r\n"]


@pytest.mark.parametrize("format", FORMATS)
def test_documents_that_are_too_long(format: Format) -> None:
    refused("#" * (MOST_BYTES + 1), format, 1, 1, "longer than 40,000,000 bytes")
    refused("\U0001f600" * (MOST_BYTES // 4 + 1), format, 1, 1, "longer than 40,000,000 bytes")


def test_the_longest_documents() -> None:
    assert {} == plain(read("#" * MOST_BYTES, "yaml")) == plain(read("#" * MOST_BYTES, "toml"))
    assert plain(read("[" + " " * (MOST_BYTES - 2) + "]", "json")) == []


@pytest.mark.parametrize("format", FORMATS)
def test_scalars_that_are_too_long(format: Format) -> None:
    text = {"yaml": 'a: "{}"\nb: c', "json": '{{"a":"{}", "b": "c"}}', "toml": 'a= "{}"\nb = "c"'}[format]
    column = 6 if format == "json" else 4
    assert plain(read(text.format("x" * 100_000), format)) == {"a": "x" * 100_000, "b": "c"}
    refused(text.format("x" * 100_001), format, 1, column, "longer than 100,000 characters")
    assert plain(read(text.format("\\u00e9" * 100_000), format)) == {"a": "é" * 100_000, "b": "c"}
    refused(text.format("\\u00e9" * 100_001), format, 1, column, "longer than 100,000 characters")
    refused(text.format("x" * 1_000_000), format, 1, column, "more than 1,000,000 characters in the file")


def test_keys_that_are_too_long() -> None:
    refused("? " + "x" * 100_001 + "\n: 1", "yaml", 1, 3, "longer than 100,000 characters")
    refused('{"' + "x" * 100_001 + '": 1}', "json", 1, 2, "longer than 100,000 characters")
    refused("x" * 100_001 + " = 1", "toml", 1, 1, "longer than 100,000 characters")


deep = {  # text before, what nests, what ends it, and where each level starts
    "yaml lists": ("yaml", "", "[", "]", 0, 1),
    "yaml mappings": ("yaml", "", "{a: ", "}", 0, 4),
    "yaml lines": ("yaml", "", "- ", "", 0, 2),
    "json lists": ("json", "", "[", "]", 0, 1),
    "json objects": ("json", '{"x": 1, "a": ', '{"a":', "1}", 14, 5),
    "toml lists": ("toml", "a =", "[", "]", 3, 1),
    "toml tables": ("toml", "a =", "{a=", "1}", 3, 3),
}
"""Each of them is a document of its own."""


@pytest.mark.parametrize("name", deep)
def test_nesting_has_its_limit(name: str) -> None:
    format, start, opening, closing, before, width = deep[name]
    around = 1 if start else 0
    inner = "1" if opening.endswith("=") or opening.endswith(":") else ""
    last = start + opening * (64 - around) + inner + closing.removeprefix("1") * (64 - around)
    read(last + "}" * start.startswith("{"), format)  # type: ignore[arg-type]
    for levels in (65, 100_000):
        column = before + width * (64 - around) + 1
        refused(start + opening * levels, format, 1, column, "nested here in more than 64 levels")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("format", "text", "line", "column"),
    [
        ("yaml", "\n".join(" " * i + "a:" for i in range(70)), 65, 65),
        ("yaml", "\n".join(" " * i + "-" for i in range(70)), 65, 65),
        ("toml", ".".join("a" * 65) + " = 1", 1, 129),
        ("toml", "[" + ".".join("a" * 64) + "]", 1, 1),
        ("toml", "[" + ".".join("a" * 40) + "]\n" + ".".join("a" * 40) + " = 1", 2, 49),
    ],
)
def test_nesting_by_lines_and_dots(format: Format, text: str, line: int, column: int) -> None:
    refused(text, format, line, column, "nested here in more than 64 levels")


@pytest.mark.parametrize(
    ("format", "module", "limit", "fits", "text", "column"),
    [
        ("yaml", yaml_format, "MOST_YAML_NODES", "{a: [1, 2]}", "{a: [1, 2, 3]}", 12),
        ("json", json_format, "MOST_NODES", '{"a":[1,2]}', '{"a":[1,2,3]}', 11),
        ("toml", toml_format, "MOST_TOML_NODES", "a=[1,2,3]", "a=[1,2,3,4]", 10),
    ],
)
def test_too_many_keys_and_values(
    monkeypatch: pytest.MonkeyPatch,
    format: Format,
    module: Any,
    limit: str,
    fits: str,
    text: str,
    column: int,
) -> None:
    monkeypatch.setattr(module, limit, 5)
    read(fits, format)
    refused(text, format, 1, column, "more than 5 keys and values")


def test_only_so_many_faults_are_told() -> None:
    for text in ("- *a\n" * 1000, '- "\\x01"\n' * 1000, "- \x01\n" * 1000):
        assert len(faults(text)) == 100


noise = "[]{}:,-?&*!|>'\"%@`#=. \n\tab01tfn\\ux~<\u202e\ud800é\U0001f600"


@pytest.mark.parametrize("format", FORMATS)
@given(text=st.text() | st.text(noise))
@thorough
def test_any_text_is_read_or_refused(format: Format, text: str) -> None:
    problems: tuple[Fault, ...] = ()
    try:
        tree = read(text, format)
    except DocumentError as error:
        tree = Node("", Place(1, 1))
        problems = error.problems or (Fault("", Place(0, 0)),)
    assert all(p.place.line >= 1 and p.place.column >= 1 and p.message for p in problems)
    for node in scalars(tree):
        assert all(node.at(offset).line >= node.place.line for offset in range(-1, len(node.text or "") + 2))


# --- the places of characters


def assert_places_are_right(text: str, format: Format) -> None:
    """Every letter, digit and sign that is not escaped stands in the file where the node says."""
    lines = text.split("\n")
    for node in scalars(read(text, format)):
        for offset, character in enumerate(node.text or ""):
            place = node.at(offset)
            there = lines[place.line - 1][place.column - 1 : place.column]
            if there not in ("\\", "'", "") and not character.isspace():
                assert there == character, (text, node, offset)


written: list[tuple[Format, str]] = [
    ("yaml", "a: attends only if putin\nb: [it, {c: 'is so', d: \"is it\"}]"),
    ("yaml", "- 'it''s so, isn''t it'\n- \"tab\\t and \\u00e9\\x41 \\U0001f600 end\"\n"),
    ("yaml", "a: several words\n  in some\n\n\n  lines # and a comment\nb: more"),
    ("yaml", "a: 'several words\n  in   \n\n\n  lines, isn''t it'\n"),
    ("yaml", 'a: "several words\n  in   \n\n\n  lines \\\n   joined \\\n\n  and \\" broken"\n'),
    ("yaml", "- |\n  lines\n    of text\n\n  and more\n- |2-\n    indented\n   less\n"),
    ("yaml", "- |+\n  kept\n\n- >-\n\n  x\n  y"),
    ("yaml", "a: >\n   folded\n   lines\n\n   with\n     some\n     inside\n\n\n   and back\n"),
    ("yaml", "|\n  at the top\n  of all"),
    ("yaml", "folded at\nthe top"),
    ("json", '{"a": ["b c", "d\\n\\"e\\" \\u00e9\\ud83d\\ude00 f", -1.5e3, true, null]}'),
    ("toml", 'a = "b c"\nd = \'e f\'\ng = "h\\t\\u00e9\\U0001f600 i"\n'),
    ("toml", 'a = """\none\n  two \\\n\n   three \\u00e9 "" four"""""\n'),
    ("toml", "a = '''\none\n  two \\\n\n   three '' four'''''\nb = '''x'''\n"),
    ("toml", "a = [1_000, 0xFF, 1.5, true, 1979-05-27 07:32:00Z, 10:00:00, 2025-05-15]"),
]


@pytest.mark.parametrize(("format", "text"), written)
def test_characters_are_where_nodes_say(format: Format, text: str) -> None:
    assert_places_are_right(text, format)


def test_escaped_characters_are_where_their_escapes_start() -> None:
    node = next(scalars(read('\n- "a\\tb\\u00e9c"', "yaml")))
    assert "a\tbéc" == node.value == node.text
    assert [Place(2, column) for column in (4, 5, 7, 8, 14, 15)] == [node.at(i) for i in range(6)]
    node = read("'it''s'", "yaml")
    assert [Place(1, column) for column in (2, 3, 4, 6, 7)] == [node.at(i) for i in range(5)]
    node = read('"\\ud83d\\ude00x"', "json")
    assert [Place(1, 2), Place(1, 14)] == [node.at(i) for i in range(2)]


def test_places_in_the_lines_of_a_text() -> None:
    node = next(scalars(read("a: |\n  one\n  two\n", "yaml")))
    assert ("one\ntwo\n", Place(1, 4), False) == (node.text, node.place, node.plain)
    there = [Place(2, 3), Place(2, 5), Place(2, 6), Place(3, 3), Place(3, 5)]
    assert [node.at(offset) for offset in (0, 2, 3, 4, 6)] == there
    assert Place(4, 1) == node.at(99)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("  abc", 3, 6), ("'abc'", 2, 5), ("'a''c'", 2, 6), ("~", 1, 2), ("[1]", 1, 1)],
)
def test_places_outside_of_a_text_are_at_its_ends(text: str, first: int, last: int) -> None:
    node = read(text, "yaml")
    assert (Place(1, first), Place(1, last)) == (node.at(-5), node.at(99))


words = st.text(string.ascii_letters + "  \n'\"\\é:#,[]{}", max_size=30)


styles = st.sampled_from([None, "'", '"', "|", ">"])


@given(st.lists(words, max_size=5), styles, st.integers(10, 60), st.booleans())
@thorough
def test_any_characters_of_yaml_are_where_nodes_say(
    texts: list[str],
    style: Any,
    width: int,
    deep: bool,
) -> None:
    tree = {"a": {"b": texts}} if deep else texts
    text = yaml.safe_dump(tree, default_style=style, width=width, allow_unicode=True)
    assert_places_are_right(text.replace("!!set", ""), "yaml")


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")))))
@thorough
def test_any_characters_of_json_are_where_nodes_say(texts: list[str]) -> None:
    assert_places_are_right(json.dumps(texts, indent=1), "json")
    assert_places_are_right(json.dumps(texts, ensure_ascii=False), "json")


# --- YAML


def test_yaml_scalars_stay_text() -> None:
    texts = ["NO", "yes", "on", "True", "10:00", "1_000", "0o17", "0x1F", "1e3", ".inf", "12", "-1", "+1"]
    texts += ["2025-05-15", "2025-05-15T10:00", "=", "<<", "a:b"]
    assert texts == plain(read("".join(f"- {t}\n" for t in texts), "yaml"))
    assert [node.text for node in scalars(read("[true, NO]", "yaml"))] == ["true", "NO"]


def test_yaml_nothing_is_none() -> None:
    tree = read("a:\nb: ~\nc: null\nd: NULL\ne: Null\nf: ''\ng: 'null'\nh: \"~\"\ni: nullify\n", "yaml")
    assert {**dict.fromkeys("abcde"), "f": "", "g": "null", "h": "~", "i": "nullify"} == plain(tree)
    assert [n.text for n in scalars(tree)] == ["", "~", "null", "NULL", "Null", "", "null", "~", "nullify"]
    assert [n.plain for n in scalars(tree)] == [True] * 5 + [False] * 3 + [True]


@pytest.mark.parametrize("text", ["", "\n\n", "# x", "---", "--- # x\n...\n", "%YAML 1.2\n---\n", "\ufeff"])
def test_yaml_without_anything_is_an_empty_mapping(text: str) -> None:
    assert Node({}, Place(1, 1)) == read(text, "yaml")


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "2.0", "x"])
def test_yaml_directives_are_skipped(version: str) -> None:
    assert plain(read(f"%YAML {version}\n# x\n%OTHER y\n--- \na: NO\n...\n", "yaml")) == {"a": "NO"}


def test_yaml_places() -> None:
    tree = read("# x\na: 1\nb: [x, 'y z', {k: v}]\nc:\n  - NO\n  -\n  - d: e\n    f: |\n      g\n", "yaml")
    assert places(tree) == (
        "2:1",
        {
            "a": "2:1 2:4",
            "b": ("3:1 3:4", ["3:5", "3:8", ("3:15", {"k": "3:16 3:19"})]),
            "c": ("4:1 5:3", ["5:5", "6:4", ("7:5", {"d": "7:5 7:8", "f": "8:5 8:8"})]),
        },
    )


def test_yaml_only_line_feeds_end_a_line() -> None:
    assert plain(read('a: "1 # b\u2028c: 2"', "yaml")) == {"a": "1 # b\u2028c: 2"}
    assert plain(read("a: 1 # b\u2028c: 2\u2029d: 3", "yaml")) == {"a": "1"}


def test_yaml_keys_are_text_too() -> None:
    tree = read("NO: 1\n12: 2\n'': 3\n? long\n  key\n: 4\n~: 5\n\"q\\x41\": 6\n", "yaml")
    assert plain(tree) == {"NO": "1", "12": "2", "": "3", "long key": "4", "~": "5", "qA": "6"}


def test_yaml_a_comma_ends_a_value_in_braces() -> None:
    tree = read("{who: china, says: attends only if (russia, ukraine), x: 1, y: , z}", "yaml")
    cut = {"says": "attends only if (russia", "ukraine)": None}
    says = {"who": "china", **cut, "x": "1", "y": None, "z": None}
    assert says == plain(tree)
    assert isinstance(tree.value, dict)
    assert [name for name, node in tree.value.items() if node.missing] == ["ukraine)", "z"]
    lost = tree.value["ukraine)"]
    assert (None, "", Place(1, 45)) == (lost.value, lost.text, lost.key)
    assert not any(node.missing for node in scalars(read("{a: 'x', b: '', 'c':}\n", "yaml")))
    assert not any(node.missing for node in scalars(read("a:\nb:\n  c:\n", "yaml")))


yaml_refusals = {
    "a: &x 1": (1, 4, "'&' starts an anchor, which is not allowed"),
    "a: *x": (1, 4, "'*' starts an alias, which is not allowed: write out what is meant, or put"),
    "a: **bold**": (1, 4, "put the text in quotes"),
    "*x : 1": (1, 1, "'*' starts an alias"),
    "a: !!str 1": (1, 4, "'!!str' is a tag, which is not allowed"),
    "a: !x {b: c}": (1, 4, "'!x' is a tag"),
    "a: !important": (1, 4, "put the text in quotes"),
    "!!python/object:os.system [x]": (1, 1, "is a tag"),
    "<<: {a: 1}": (1, 1, "'<<' merges mappings, which is not allowed"),
    "a: 1\nb: 2\na: 3": (3, 1, "the key 'a' is given twice: first in line 1, column 1; remove one of them"),
    "{a: 1, 'a': 2}": (1, 8, "first in line 1, column 2;"),
    "? [a]\n: 1": (1, 3, "a key is one text, not a list or mapping"),
    "{{x}: 1}": (1, 2, "a key is one text"),
    "a: {{x}}": (1, 5, "if it is text with brackets, put it in quotes"),
    "{: 1}": (1, 2, "a key is missing"),
    "? \n: 1": (1, 2, "a key is missing"),
    "a: 1\n---\nb: 2": (2, 1, "a second document starts here"),
    "a: 1\n...\n---\nb: 2": (3, 1, "a second document starts here"),
    "a: \ufffe": (1, 4, "U+FFFE is not allowed in YAML"),
    "a:\tb": (1, 3, "a tab stands where YAML takes only spaces"),
    "a:\n\tb: c": (2, 1, "replace it with spaces, or put the text in quotes"),
    "a:\n  b: c\n\td: e": (3, 1, "a tab"),
    "a: if b: c": (1, 8, "a ':' with a space after it is in a value: put the text in quotes"),
    "a: b\n  c: d": (2, 4, "or mend the indentation"),
    "a: 'x": (1, 4, "the quote that opens here is not closed"),
    'b:\n  - "x\n': (2, 5, "the quote that opens here is not closed"),
    "a: 'x\n---\ny'": (1, 4, "the quote that opens here is not closed"),
    "a: [b": (1, 4, "the '[' that opens here is not closed"),
    "a: {b: c\n": (1, 4, "the '{' that opens here is not closed"),
    "{a: [b, {c": (1, 9, "the '{' that opens here is not closed"),
    "a: [b, c\nd: e": (2, 2, "the bracket in line 1, column 4 needs ',' or ']' before this"),
    "a: {b: c]": (1, 9, "the bracket in line 1, column 4 needs ',' or '}' before this"),
    "{a: b: c}": (1, 6, "needs ',' or '}' before this: close it, or put the text in quotes"),
    "a: @b": (1, 4, "text cannot start with '@': put the text in quotes"),
    "a: `b`": (1, 4, "text cannot start with '`'"),
    "a: %b": (1, 4, "text cannot start with '%'"),
    "%a\nb: c": (1, 1, "a line with '%' first is a directive: put it in quotes"),
    "a: ]": (1, 4, "a value is missing before this ']'"),
    "[a,,b]": (1, 4, "a value is missing before this ','"),
    "a: 'b' c": (1, 8, "text follows a quote or bracket"),
    "a: 'it's'": (1, 8, "text follows a quote or bracket"),
    "a: [b] c": (1, 8, "text follows a quote or bracket"),
    "a: b\nc\nd: e": (2, 1, "this has no ':' with a space after it, as in `key: value`"),
    "a: b\nc:d\n": (2, 1, "this has no ':' with a space after it"),
    "- a\nb: c": (2, 1, "this is no part of what starts in line 1, column 1: mend the indentation"),
    "a:\n    b: c\n  d: e": (3, 3, "this is no part of what starts in line 1, column 1"),
    "a: - b": (1, 4, "a '-' with a space after it starts an item, and none can be here"),
    "a: ? b": (1, 4, "a '?' with a space after it starts a key, and none can be here"),
    "'a' 'b'": (1, 5, "the document has ended before this"),
    "a: |x\n  b": (1, 4, "'|' announces lines of text"),
    "a: > 12\n": (1, 4, "'>' announces lines of text"),
    'a: "C:\\putin"': (1, 7, r"'\\p' is no escape of YAML: write '\\' for a backslash"),
    'a: "\\U00110000"': (1, 5, "is no escape of YAML"),
    'a: "\\xZZ"': (1, 5, "is no escape of YAML"),
    'a: "bc\\ud800"': (1, 7, "U+D800 is half a character"),
    "a: 1\n" + "...\n" * 200: (102, 1, "the document has ended before this"),
    "x" * 1025 + ": 1": (1, 1026, "a ':' with a space after it is in a value"),
}


@pytest.mark.parametrize("text", yaml_refusals, ids=lambda text: ascii(text[:20]))
def test_yaml_refused(text: str) -> None:
    refused(text, "yaml", *yaml_refusals[text])


def test_yaml_all_faults_at_once() -> None:
    text = "a: &x 1\nb: *x\nc: !!str 2\na: {<<: {x: 1}, y: 1, y: 2}\n[1]: 3\n? {a: b}\n: - &z !t c\n- d: e\n"
    found = [fault[:2] for fault in faults(text)]
    assert found == [(1, 4), (2, 4), (3, 4), (4, 1), (4, 5), (4, 23), (5, 1), (6, 3), (7, 5), (7, 8), (8, 1)]


signs = ["a", "b c", " ", "  ", "\n", "\n  ", "\n ", "- ", "-", "? ", ": ", ":", ",", "[", "]", "{", "}"]
signs += ["#", " #", "|", "> ", "|\n", ">\n", "|-\n", ">+\n", "|2\n", ">1-\n", "\t", "'", '"', "\\", "\\n"]
signs += [
    "\\x41",
    "''",
    "---",
    "\n---\n",
    "\n...\n",
    "\n\n",
    "\n   \n",
    "é",
    "\U0001f600",
    "@",
    "=",
    "~",
    "0",
]


def events(text: str, loader: Any) -> list[object]:
    """What PyYAML makes of it, with places; or just that it refuses it."""
    found: list[object] = []
    try:
        for event in yaml.parse(text, Loader=loader):
            mark: Any = event.start_mark
            value, style = getattr(event, "value", None), getattr(event, "style", None)
            found.append((type(event).__name__, value, style, mark.index, mark.line, mark.column))
    except yaml.YAMLError:
        return ["refused"]
    return found


@given(st.lists(st.sampled_from(signs), max_size=30).map("".join))
@settings(thorough, max_examples=1500)
def test_yaml_is_scanned_as_pyyaml_does(text: str) -> None:
    with patch.object(yaml_format._Scanner, "skip", lambda *_: None):  # or it would take simple lines at once
        assert events(text, yaml.SafeLoader) == events(text, yaml_format._Scanner)


letters = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="".join(hidden))
visible = st.text(letters | st.just("\n"))


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Such values, and lists and mappings of them."""
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(visible, inner, max_size=4),
        max_leaves=20,
    )


class Writer(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


@given(nested(visible), st.sampled_from([None, True, False]), st.integers(10, 100), st.booleans())
@thorough
def test_yaml_written_is_read_back(tree: Any, flow: bool | None, width: int, unicode: bool) -> None:
    text = yaml.dump(tree, Dumper=Writer, default_flow_style=flow, width=width, allow_unicode=unicode)
    assert tree == plain(read(text, "yaml"))


# --- JSON

numbers = st.integers(-(10**900), 10**900) | st.floats(allow_nan=False, allow_infinity=False)


def with_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: with_floats(member) for key, member in value.items()}
    if isinstance(value, list):
        return [with_floats(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


@given(nested(st.none() | st.booleans() | numbers | visible), st.booleans(), st.sampled_from([None, 0, 2]))
@thorough
def test_json_written_is_read_back(value: Any, escaped: bool, indent: int | None) -> None:
    back = with_floats(plain(read(json.dumps(value, ensure_ascii=escaped, indent=indent), "json")))
    assert value == back
    assert json.dumps(value) == json.dumps(back)  # which tells 0 from False, and 1.0 from 1


def test_json_values_and_places() -> None:
    tree = read('{"a": [1, -0, 1.50, 1e3, true],\n "b c": {"d": null, "e": "x\\ny"}}', "json")
    assert {"a": [1, 0, Decimal("1.50"), Decimal(1000), True], "b c": {"d": None, "e": "x\ny"}} == plain(tree)
    assert [node.text for node in scalars(tree)] == ["1", "-0", "1.50", "1e3", "true", "null", "x\ny"]
    assert [node.plain for node in scalars(tree)] == [True] * 6 + [False]
    assert places(tree) == (
        "1:1",
        {
            "a": ("1:2 1:7", ["1:8", "1:11", "1:15", "1:21", "1:26"]),
            "b c": ("2:2 2:9", {"d": "2:10 2:15", "e": "2:21 2:26"}),
        },
    )


json_refusals = {
    "": (1, 1, "the document is empty: JSON needs a value"),
    " \n ": (2, 2, "the document is empty"),
    "[1,]": (1, 3, "JSON has no comma before a closing bracket"),
    '{"a": 1,\n}': (1, 8, "JSON has no comma before a closing bracket"),
    "[1 2]": (1, 4, "expected ',' or ']' here"),
    '{"a": 1 "b": 2}': (1, 9, "expected ',' or '}' here"),
    "[1}": (1, 3, "expected ',' or ']' here"),
    "[1,,2]": (1, 4, "a value is missing before this comma"),
    '{"a": }': (1, 7, "a value is missing here"),
    '{"a"}': (1, 5, "expected ':' after a key"),
    '{"a" 1}': (1, 6, "expected ':' after a key"),
    "{a: 1}": (1, 2, "a key in double quotes is missing here"),
    "{1: 1}": (1, 2, "a key in double quotes is missing here"),
    "{'a': 1}": (1, 2, "texts are in double quotes in JSON"),
    "['a']": (1, 2, "texts are in double quotes in JSON"),
    "[a]": (1, 2, "text needs double quotes in JSON"),
    "[True]": (1, 2, "JSON has true, false and null, in small letters"),
    "[None]": (1, 2, "JSON has true, false and null, in small letters"),
    "[NaN]": (1, 2, "JSON has no such number"),
    "[-Infinity]": (1, 2, "JSON has no such number"),
    "[01]": (1, 2, "no number of JSON"),
    "[+1]": (1, 2, "no number of JSON"),
    "[.5]": (1, 2, "no number of JSON"),
    "[1.]": (1, 2, "no number of JSON"),
    "[1e]": (1, 2, "no number of JSON"),
    "[0x1F]": (1, 2, "no number of JSON"),
    "[1] // x": (1, 5, "JSON has no comments"),
    "# x\n[1]": (1, 1, "JSON has no comments"),
    '{\n/* x */ "a": 1}': (2, 1, "JSON has no comments"),
    "[1] 2": (1, 5, "the document has ended before this"),
    '{"a": [1, {': (1, 11, "the '{' that opens here is not closed"),
    "[1": (1, 1, "the '[' that opens here is not closed"),
    '["a': (1, 2, "the quote that opens here is not closed in this line"),
    '["a\nb"]': (1, 2, "the quote that opens here is not closed in this line"),
    '["a\\': (1, 2, "the quote that opens here is not closed in this line"),
    '["a\tb"]': (1, 4, r"a tab inside a text is written '\t' in JSON"),
    '["a\\x41"]': (1, 4, r"'\\x' is no escape of JSON: write '\\' for a backslash"),
    '["a\\ud800"]': (1, 4, "U+D800 is half a character"),
    '["a\\ude00\\ud83d"]': (1, 4, "U+DE00 is half a character"),
    '{"a\\ud800": 1}': (1, 4, "U+D800 is half a character"),
    '{"a": 1, "\\u0061": 2}': (1, 10, "the key 'a' is given twice: first in line 1, column 2"),
    "[" + "1" * 1001 + "]": (1, 2, "this number has more than 1,000 digits"),
    "[0." + "1" * 1001 + "]": (1, 2, "this number has more than 1,000 digits"),
    "[1e1001]": (1, 2, "this number has more than 1,000 digits"),
    "[1e-99999]": (1, 2, "this number has more than 1,000 digits"),
    "[1e9999999999999999999]": (1, 2, "is no number to reckon with"),
}


@pytest.mark.parametrize("text", json_refusals, ids=lambda text: ascii(text[:20]))
def test_json_refused(text: str) -> None:
    refused(text, "json", *json_refusals[text])


def test_json_all_faults_at_once() -> None:
    text = '{"a": 1, "a": {"b": "\\u202e", "c": 1e9999},\n "a": 2, "d": [1, 2'
    assert [fault[:2] for fault in faults(text, "json")] == [(1, 10), (1, 22), (1, 36), (2, 2), (2, 15)]


# --- TOML

TOML = '''\
# x
title = 'T' # [not a table]
a.b."c d" = 1_000
[e . f]
g = [1.50, # ]
  "]", {h = true, i.j = 0xFF},
]
[[k]]
l = 2025-05-15
[[k]]
l = 2025-05-15 10:00:00Z
m = 10:00:00
[k.n]
o = """
[no]
p = 1"""
[e]
q = ""
'''


def test_toml_values() -> None:
    tree = read(TOML, "toml")
    assert plain(tree) == {
        "title": "T",
        "a": {"b": {"c d": 1000}},
        "e": {"f": {"g": [Decimal("1.50"), "]", {"h": True, "i": {"j": 255}}]}, "q": ""},
        "k": [
            {"l": date(2025, 5, 15)},
            {"l": datetime(2025, 5, 15, 10, tzinfo=UTC), "m": "10:00:00", "n": {"o": "[no]\np = 1"}},
        ],
    }
    texts = ["T", "1_000", "1.50", "]", "true", "0xFF", "", "2025-05-15", "2025-05-15 10:00:00Z", "10:00:00"]
    assert [*texts, "[no]\np = 1"] == [node.text for node in scalars(tree)]


def test_toml_places() -> None:
    third = ("6:8", {"h": "6:9 6:13", "i": ("6:19 6:21", {"j": "6:21 6:25"})})
    k = [
        ("8:1", {"l": "9:1 9:5"}),
        ("10:1", {"l": "11:1 11:5", "m": "12:1 12:5", "n": ("13:4 13:1", {"o": "14:1 14:5"})}),
    ]
    assert places(read(TOML, "toml")) == (
        "1:1",
        {
            "title": "2:1 2:9",
            "a": ("3:1 3:3", {"b": ("3:3 3:5", {"c d": "3:5 3:13"})}),
            "e": ("4:2 4:1", {"f": ("4:6 4:1", {"g": ("5:1 5:5", ["5:6", "6:3", third])}), "q": "18:1 18:5"}),
            "k": ("8:3 8:1", k),
        },
    )


def test_toml_has_the_place_of_what_is_around_where_the_scan_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_format._Finder, "run", lambda finder: None)
    tree = read("a = {b = ['c', 1.5, 2025-05-15]}", "toml")
    assert {"a": {"b": ["c", Decimal("1.5"), date(2025, 5, 15)]}} == plain(tree)
    assert {Place(1, 1)} == {node.place for node in scalars(tree)} == {node.at(1) for node in scalars(tree)}


toml_refusals = {
    "a = x": (1, 5, "this is no value of TOML: text needs quotes"),
    "a = True": (1, 5, "true and false small letters"),
    "a = ": (1, 5, "a value is missing here"),
    "a = [1,,2]": (1, 8, "a value is missing here"),
    "a": (1, 2, "expected '=' after a key"),
    "a: 1": (1, 2, "expected '=' after a key"),
    "= 1": (1, 1, "a line starts with a key, a [table] or a comment"),
    "é = 1": (1, 1, "a line starts with a key, a [table] or a comment"),
    "[]": (1, 2, "a key is missing here"),
    "[a": (1, 3, "the bracket of this table is not closed"),
    "a = 1 b = 2": (1, 7, "the line should end here"),
    "a = 01": (1, 6, "the line should end here"),
    'a = "x': (1, 5, "a quote is not closed"),
    'b = 1\na = "x\n': (2, 7, "a quote is not closed"),
    "b = 1\na = 'x": (2, 5, "a quote is not closed"),
    'b = 1\na = """x\n': (2, 5, "a quote is not closed"),
    "b = 1\na = [1, [2\n": (2, 9, "the bracket that opens here is not closed"),
    "a = {b = 1": (1, 5, "the bracket that opens here is not closed"),
    'a = "C:\\putin"': (1, 8, r"no escape of TOML: write '\\' for a backslash"),
    'a = "x\\ud800"': (1, 7, "no escape of TOML"),
    'a = "x\\\n"': (1, 7, "no escape of TOML"),
    'b = 1\na = "x\\': (2, 7, "no escape of TOML"),
    "a = 2025-02-30": (1, 5, "there is no such date or time"),
    "a = inf": (1, 5, "'inf' is no number to reckon with"),
    "a = [nan]": (1, 6, "'nan' is no number to reckon with"),
    "a = 1e1001": (1, 5, "more than 1,000 digits"),
    "a = 1e9999999999999999999": (1, 5, "is no number to reckon with"),
    "a = " + "1" * 1001: (1, 5, "more than 1,000 digits"),
    "a = 1\nb = 2\na = 3": (3, 1, "the key 'a' is given twice: first in line 1, column 1; remove one"),
    "[a]\nb = 1\n[a]": (3, 2, "the key 'a' is given twice: first in line 1, column 2"),
    "[[a]]\n[a]": (2, 2, "the key 'a' is given twice: first in line 1, column 3"),
    "[a]\n[[a]]": (2, 3, "the key 'a' is given twice: first in line 1, column 2"),
    "a = 1\n[a]": (2, 2, "the key 'a' is given twice: first in line 1, column 1"),
    "a.b = 1\n[a]": (2, 2, "the key 'a' is given twice: first in line 1, column 1"),
    "a = []\n[[a]]": (2, 3, "the key 'a' is given twice: first in line 1, column 1"),
    "a = {b = 1, b = 2}": (1, 13, "the key 'b' is given twice: first in line 1, column 6"),
    "a = 1\n[a.b]": (2, 5, "this key or table is given twice"),
    '"a\\u202e" = 1': (1, 3, "U+202E changes the direction of writing"),
}


@pytest.mark.parametrize("text", toml_refusals, ids=lambda text: ascii(text[:20]))
def test_toml_refused(text: str) -> None:
    refused(text, "toml", *toml_refusals[text])


def test_toml_all_duplicates_at_once() -> None:
    assert [f[:2] for f in faults("a = 1\na = 2\nb = 1\nb = 2\n", "toml")] == [(2, 1), (4, 1)]
    assert [f[:2] for f in faults("a = {b = 1, b = 2}\nd = 1\nd = 2", "toml")] == [(1, 13), (3, 1)]


def toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_value(key)} = {toml_value(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",# x ]\n".join(map(toml_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(visible, nested(visible), max_size=5))
@thorough
def test_toml_written_is_read_back_with_every_place(tree: dict[str, Any]) -> None:
    text = "".join(f"{toml_value(key)} = {toml_value(value)}\n" for key, value in tree.items())
    node = read(text, "toml")
    assert tree == plain(node)
    assert_places_are_right(text, "toml")
    lines = text.split("\n")
    assert all(lines[n.place.line - 1][n.place.column - 1] == '"' for n in scalars(node))


# --- hostile documents

MOST = MOST_BYTES // (4 if THOROUGH else 20)  # each takes five times as long where it is five times as large


def run(text: str, start: str = "", end: str = "", most: int = MOST) -> str:
    """As much of the text as a document may have."""
    return start + text * ((most - len(start) - len(end)) // len(text)) + end


hostile: dict[str, tuple[Format, str, str, str]] = {
    "[": ("yaml", "[", "", ""),
    "{": ("yaml", "{", "", ""),
    "- ": ("yaml", "- ", "", ""),
    "? ": ("yaml", "? ", "", ""),
    "a: ": ("yaml", "a: ", "", ""),
    "[a,": ("yaml", "a,", "[", "]"),
    "{a: b,": ("yaml", "a: b,", "{", "}"),
    "- a": ("yaml", "- a\n", "", ""),
    ",": ("yaml", ",", "", ""),
    ":": ("yaml", ":", "", ""),
    "single quotes": ("yaml", "'", "", ""),
    "double quotes": ("yaml", '"', "", ""),
    "an open single quote": ("yaml", "x", "'", ""),
    "an open double quote": ("yaml", "\\n", '"', ""),
    "lines in an open quote": ("yaml", "x\n", '"', ""),
    "an endless word": ("yaml", "x", "", ""),
    "endless words": ("yaml", "x ", "", ""),
    "endless lines": ("yaml", "x\n", "", ""),
    "an endless literal": ("yaml", " x\n", "|\n", ""),
    "empty lines in a literal": ("yaml", "\n", "|\n", ""),
    "an endless indentation": ("yaml", " ", "|\n", "x"),
    "an endless comment": ("yaml", "#", "| ", ""),
    "&": ("yaml", "&", "", ""),
    "*": ("yaml", "*", "", ""),
    "!": ("yaml", "!", "", ""),
    "%": ("yaml", "%", "", ""),
    "directives": ("yaml", "%YAML 1.2\n", "", ""),
    "ends": ("yaml", "...\n", "a\n", ""),
    "documents": ("yaml", "---\n", "", ""),
    "tabs": ("yaml", "\t", "", ""),
    "controls": ("yaml", "\x01", "", ""),
    "json [": ("json", "[", "", ""),
    "json {": ("json", '{"a":', "", ""),
    "json an open quote": ("json", "\\n", '"', ""),
    "json a number": ("json", "1", "", ""),
    "json a long fraction": ("json", "1", "0.", ""),
    "json a long exponent": ("json", "1", "1e", ""),
    "json blanks": ("json", " ", "", ""),
    "json a comma": ("json", " ", "[1,", "]"),
    "toml [": ("toml", "[", "a=", ""),
    "toml {": ("toml", "{a=", "a=", ""),
    "toml a.a": ("toml", "a.", "", ""),
    "toml [a.a": ("toml", "a.", "[", ""),
    "toml a number": ("toml", "1", "a=", ""),
    "toml a long fraction": ("toml", "1", "a=0.", ""),
    "toml a text": ("toml", "x", 'a="', '"'),
    "toml an open quote": ("toml", "x", 'a="""', ""),
    "toml quotes": ("toml", '"', "a=", ""),
}


@pytest.mark.parametrize("name", hostile)
def test_hostile_documents_are_refused(name: str) -> None:
    format, middle, start, end = hostile[name]
    text = run(middle, start, end, MOST_BYTES if name == "- a" else MOST)
    assert faults(text, format)


harmless: dict[str, tuple[Format, str, str, str]] = {
    "empty lines": ("yaml", "\n", "", ""),
    "comments": ("yaml", "#\n", "", ""),
    "long texts": ("yaml", "- " + "x " * 49_000 + "x\n", "", ""),
    "long quoted texts": ("yaml", '- "' + "x\n " * 49_000 + '"\n', "", ""),
    "literals": ("yaml", "- |\n" + "  x\n" * 49_000, "", ""),
    "folded texts": ("yaml", "- >\n" + "  x\n" * 49_000, "", ""),
    "lines": ("yaml", "- " + "x\n  " * 49_000 + "\n", "", ""),
    "json blanks": ("json", " ", "[1,", "1]"),
    "json texts": ("json", '"' + "\\u00e9" * 99_000 + '",', "[", "1]"),
    "toml comments": ("toml", "#\n", "", ""),
    "toml texts": ("toml", '"' + "\\n" * 99_000 + '",\n', "a=[", "]"),
}


@pytest.mark.parametrize("name", harmless)
def test_long_harmless_documents_are_read(name: str) -> None:
    format, middle, start, end = harmless[name]
    read(run(middle, start, end, MOST // 5), format)


def test_deep_documents_need_no_recursion() -> None:
    depth, frame = 0, sys._getframe()
    while frame.f_back:
        depth, frame = depth + 1, frame.f_back
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 60)
    try:
        assert isinstance(read("- " * 63 + "x", "yaml").value, list)
        assert isinstance(read("[" * 64 + "]" * 64, "yaml").value, list)
        assert isinstance(read("[" * 64 + "]" * 64, "json").value, list)
    finally:
        sys.setrecursionlimit(limit)


def test_toml_is_refused_where_python_has_no_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(tomllib, "loads", no_room)
    refused("a = 1", "toml", 1, 6, "more than 64 levels")
