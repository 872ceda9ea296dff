"""YAML, JSON and TOML as trees of values with places: what is read, what is refused, and where."""

import copy
import json
import pickle
import string
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.formats import document
from attendance.formats import json as json_format
from attendance.formats import toml as toml_format
from attendance.formats import yaml as yaml_format
from attendance.formats.document import DocumentError, Fault, Node, Place, read

Format = Literal["yaml", "json", "toml"]
FORMATS: tuple[Format, ...] = get_args(Format)
thorough = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
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
    code = "import sys, attendance.formats.document; print({'yaml', 'tomllib'} & set(sys.modules))"
    assert "set()" == subprocess.check_output([sys.executable, "-c", code], text=True).strip()


def test_a_format_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="one of yaml, json and toml, not 'xml'"):
        read("", "xml")  # type: ignore[arg-type]


@pytest.mark.parametrize(("format", "text"), [("yaml", "- a\n- b"), ("json", '["a",\n "b"]'), ("toml", 'a = "b"\n')])
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
    assert "line 2, column 1: the key 'a' is given twice: first in line 1, column 1; remove one of them" in str(error)


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
    "\u202e": "U+202E changes the direction",
    "\u2066": "U+2066 changes the direction",
    "\u2069": "U+2069 changes the direction",
    "\ud800": "U+D800 is half a character",
    "\udfff": "U+DFFF is half a character",
}


@pytest.mark.parametrize("character", hidden, ids=ascii)
@pytest.mark.parametrize("format", FORMATS)
def test_hidden_characters_are_refused_where_they_are(format: Format, character: str) -> None:
    text = {"yaml": 'a: "b"\nc: "d{}"', "json": '{{"a": "b",\n"c":"d{}"}}', "toml": 'a = "b"\nc= "d{}"'}[format]
    refused(text.format(character), format, 2, 6 if format != "json" else 7, hidden[character])


@pytest.mark.parametrize("format", FORMATS)
def test_hidden_characters_are_refused_in_comments_and_told_with_the_rest(format: Format) -> None:
    text = {"yaml": "# \u202e\na: 1\na: 2", "json": '\u202e{"a": 1,\n"a": 2}', "toml": "# \u202e\na = 1\na = 2"}
    found = faults(text[format], format)
    assert "U+202E" in found[0][2]
    if format != "json":    # there it ends the reading
        assert "given twice" in found[1][2]


@pytest.mark.parametrize("character", [c for c in hidden if c < "\ud800"], ids=ascii)
def test_hidden_characters_are_refused_where_they_are_escaped(character: str) -> None:
    for format, text in {"yaml": 'a: "bc{}"', "json": '{{"a":"bc{}"}}', "toml": 'a= "bc{}"'}.items():
        column = 7 if format != "json" else 9
        refused(text.format(f"\\u{ord(character):04x}"), format, 1, column, hidden[character])  # type: ignore[arg-type]
    refused('["b\\r"]', "json", 1, 4, "control character U+000D")
    assert ["b\r\n"] == plain(read('["b\\r\\n"]', "json"))


@pytest.mark.parametrize("format", FORMATS)
def test_documents_that_are_too_long(format: Format) -> None:
    refused("#" * 10_000_001, format, 1, 1, "longer than 10,000,000 bytes")
    refused("\U0001f600" * 2_500_001, format, 1, 1, "longer than 10,000,000 bytes")


def test_the_longest_documents() -> None:
    assert {} == plain(read("#" * 10_000_000, "yaml")) == plain(read("#" * 10_000_000, "toml"))
    assert [] == plain(read("[" + " " * 9_999_998 + "]", "json"))


@pytest.mark.parametrize("format", FORMATS)
def test_scalars_that_are_too_long(format: Format) -> None:
    text = {"yaml": 'a: "{}"\nb: c', "json": '{{"a":"{}", "b": "c"}}', "toml": 'a= "{}"\nb = "c"'}[format]
    column = 6 if format == "json" else 4
    assert {"a": "x" * 100_000, "b": "c"} == plain(read(text.format("x" * 100_000), format))
    refused(text.format("x" * 100_001), format, 1, column, "longer than 100,000 characters")
    assert {"a": "é" * 100_000, "b": "c"} == plain(read(text.format("\\u00e9" * 100_000), format))
    refused(text.format("\\u00e9" * 100_001), format, 1, column, "longer than 100,000 characters")
    refused(text.format("x" * 1_000_000), format, 1, column, "more than 1,000,000 characters in the file")


def test_keys_that_are_too_long() -> None:
    refused("? " + "x" * 100_001 + "\n: 1", "yaml", 1, 3, "longer than 100,000 characters")
    refused('{"' + "x" * 100_001 + '": 1}', "json", 1, 2, "longer than 100,000 characters")
    refused("x" * 100_001 + " = 1", "toml", 1, 1, "longer than 100,000 characters")


deep = {    # text before, what nests, what ends it, and where each level starts
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
        began = time.process_time()
        column = before + width * (64 - around) + 1
        refused(start + opening * levels, format, 1, column, "nested here in more than 64 levels")  # type: ignore[arg-type]
        assert 2 > time.process_time() - began


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


def test_too_many_keys_and_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((yaml_format, "MOST_YAML_NODES"), (json_format, "MOST_NODES"), (toml_format, "MOST_TOML_NODES")):
        monkeypatch.setattr(module, name, 5)
    for format, text, column in (("yaml", "{a: [1, 2, 3]}", 12), ("json", '{"a":[1,2,3]}', 11), ("toml", "a=[1,2,3,4]", 10)):
        with pytest.raises(DocumentError):
            read(text, format)  # type: ignore[arg-type]
    assert {"a": ["1", "2"]} == plain(read("{a: [1, 2]}", "yaml"))
    refused("{a: [1, 2, 3]}", "yaml", 1, 12, "more than 5 keys and values")
    refused('{"a":[1,2,3]}', "json", 1, 11, "more than 5 keys and values")
    refused("a=[1,2,3,4]", "toml", 1, 10, "more than 5 keys and values")


def test_only_so_many_faults_are_told() -> None:
    for text in ("- *a\n" * 1000, '- "\\x01"\n' * 1000, "- \x01\n" * 1000):
        assert 100 == len(faults(text))
