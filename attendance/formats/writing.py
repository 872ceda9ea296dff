"""A case as the text of a case file: only what differs from the defaults, short forms where they do."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, assert_never

from attendance.errors import InputError
from attendance.model.case import MAIN, Case
from attendance.model.conditions import Condition
from attendance.model.participants import Gathering, Participant
from attendance.model.printing import print_number
from attendance.model.sayings import Said
from attendance.model.scenario import Scenario
from attendance.model.statements import Rule, Statement
from attendance.model.values import Value, shown
from attendance.model.words import MAX_DIGITS, MAX_TEXT, quote


def write(case: Case, format: Literal["yaml", "json", "toml"]) -> str:
    """The text of the case in that format."""
    tree = _case(case)
    match format:
        case "yaml":
            return _yaml(tree)
        case "json":
            return json.dumps(texts(tree), indent=2, ensure_ascii=False) + "\n"
        case "toml":
            return "\n".join(_toml(tree)) + "\n"
        case _:
            assert_never(format)


# --- the tree of a file ---------------------------------------------------------------------------


def _case(case: Case) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    if case.title:
        tree["title"] = case.title
    if case.timezone != "UTC":
        tree["timezone"] = case.timezone
    if case.gatherings != (Gathering(id=MAIN),):
        tree["gatherings"] = {g.id: fields(g) for g in case.gatherings}
    tree["participants"] = {p.id: fields(p) for p in case.participants}
    tree["groups"] = {g.id: fields(g) for g in case.groups}
    tree["facts"] = {f.id: fields(f) or "unknown" for f in case.facts}
    tree["rules"] = [_rule(rule, f"rule.{i}") for i, rule in enumerate(case.rules, 1)]
    tree["statements"] = list(_statements(case.statements))
    tree["scenarios"] = {str(s.id): scenario_fields(s) for s in case.scenarios}
    expect: dict[str, dict[str, str]] = {}
    for expected in case.expect:
        expect.setdefault(expected.scenario, {})[expected.about] = expected.text
    tree["expect"] = expect
    return {key: value for key, value in tree.items() if value}


def fields(value: Value) -> dict[str, Any]:
    """The fields that differ from their defaults, without the id."""
    found = {}
    for key, info in type(value).model_fields.items():
        item = getattr(value, key)
        if key != "id" and item != info.get_default():
            found[key] = _plain(item)
    if isinstance(value, Participant) and value.weights:
        found["weights"] = dict(value.weights)
    return found


def _plain(item: Any) -> Any:
    match item:
        case Condition() | Said():
            if len(text := str(item)) > MAX_TEXT:
                raise InputError(f"a text of {len(text)} characters cannot be read again: {shown(text)}")
            return text
        case StrEnum():
            return str(item)
        case Fraction():
            return _fraction(item)
        case tuple():
            return [_plain(inner) for inner in item]
        case _:
            return item


def _fraction(value: Fraction) -> Decimal | str:
    """A decimal where it is one exactly, else numerator and denominator."""
    power = next((k for k in range(MAX_DIGITS) if 10**k % value.denominator == 0), None)
    if power is None:
        return str(value)
    digits = str(value.numerator * 10**power // value.denominator)
    return Decimal((0, tuple(map(int, digits)), -power))


def _rule(rule: Rule, generated: str) -> Any:
    found = fields(rule)
    if rule.id != generated:
        return {"id": rule.id, **found}
    return found["rule"] if len(found) == 1 else found


def _statements(statements: tuple[Statement, ...]) -> Iterator[Any]:
    count: dict[str, int] = {}
    for statement in statements:
        count[statement.who] = count.get(statement.who, 0) + 1
        yield _statement(statement, f"{statement.who}.{count[statement.who]}")


def _statement(statement: Statement, generated: str | None) -> Any:
    found = fields(statement)
    if statement.id not in (None, generated):
        return {"id": statement.id, **found}
    if not found.keys() - {"who", "at", "says"}:
        at = f" at {quote(statement.at)}" if statement.at is not None else ""
        return f"{quote(statement.who)}{at} {statement.says}"
    return found


def scenario_fields(scenario: Scenario) -> dict[str, Any]:
    """The same of a scenario."""
    found = fields(scenario)
    if scenario.assume:
        found["assume"] = dict(scenario.assume)
    if scenario.add:
        found["add"] = [_statement(s, None) for s in scenario.add]
    if scenario.believe is not None:
        found["believe"] = list(scenario.believe)
    return found


# --- formats --------------------------------------------------------------------------------------


def texts(tree: Any) -> Any:
    """The tree with every date and number as JSON has it."""
    match tree:
        case dict():
            return {key: texts(value) for key, value in tree.items()}
        case list():
            return [texts(value) for value in tree]
        case date():
            return tree.isoformat()
        case Decimal():
            return int(tree) if tree == tree.to_integral_value() else print_number(tree)
        case _:
            return tree


_SEPARATORS = re.compile("[\x85\u2028\u2029]")


def _yaml(tree: Mapping[str, Any]) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Block style, no anchors, decimals and dates without quotes; an empty key is a simple one."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

        def check_simple_key(self) -> bool:
            return super().check_simple_key() or getattr(self.event, "value", None) == ""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = None
        if value.lower() in ("null", "~", ""):  # which the reader takes for no value, in any letter case
            style = "'"
        elif _SEPARATORS.search(value):  # which PyYAML takes for ends of lines, and the reader does not
            style = '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
        text = print_number(number)
        return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)

    def moment(dumper: yaml.SafeDumper, value: date) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())

    Dumper.add_representer(str, text)
    Dumper.add_representer(Decimal, decimal)
    Dumper.add_representer(date, moment)
    Dumper.add_representer(datetime, moment)
    return yaml.dump(
        dict(tree), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10**6, default_flow_style=False
    )


def _toml(tree: Mapping[str, Any]) -> Iterator[str]:
    """Scalars first, then a table for each section's entries and an array of tables for statements."""
    for key, value in tree.items():
        if not isinstance(value, dict | list):
            yield f"{_key(key)} = {_inline(value)}"
    for key, value in tree.items():
        if isinstance(value, list):
            yield f"\n{_key(key)} = ["
            yield from (f"    {_inline(item)}," for item in value)
            yield "]"
    for key, value in tree.items():
        for name, body in value.items() if isinstance(value, dict) else ():
            yield f"\n[{_key(key)}.{_key(name)}]"
            written_out = body if isinstance(body, dict) else {"value": body}
            yield from (f"{_key(k)} = {_inline(v)}" for k, v in written_out.items())


def _inline(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return print_number(value)
        case date():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case _:
            return _string(str(value))


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key and key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _string(key)
