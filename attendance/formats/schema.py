"""The JSON Schema of case files, for editors and validators; the library's own checks go further."""

from typing import Any

Json = dict[str, Any]

NAME: Json = {"type": "string", "minLength": 1, "maxLength": 200}
TEXT: Json = {"type": "string", "maxLength": 20_000}
NAMES: Json = {"oneOf": [NAME, {"type": "array", "items": NAME}]}
TEXTS: Json = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
CONDITION: Json = {**TEXT, "description": "a condition, as in: putin and at least 2 of (rubio, medinsky, umerov)"}
YES_NO: Json = {"oneOf": [{"type": "boolean"}, {"type": "string", "pattern": "^(?i:true|false|yes|no)$"}]}
MOMENT: Json = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})?)?$",
    "description": "a date, or a time; without a zone it is in the case's timezone",
}
WEIGHT: Json = {"oneOf": [{"type": "number", "minimum": 0}, {"type": "string"}]}
PROBABILITY: Json = {
    "oneOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": r"^[0-9./ ]+$"}]
}
FACT_VALUE: Json = {
    "oneOf": [
        {"type": "boolean"},
        {"type": "null"},
        {"type": "string", "pattern": "^(?i:true|false|yes|no|unknown)$"},
    ]
}
_CAUSES = "conflict|unstated|open|coordination|fact|depends"
ANSWER: Json = {
    "type": "string",
    "pattern": rf"^(attends|absent|held|not held|undetermined( \(({_CAUSES})\))?)$",
}


def schema() -> Json:
    """The schema of a case file, JSON-ready (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A case of conditional attendance",
        **_object(
            {
                "$schema": {"type": "string"},
                "title": TEXT,
                "timezone": {**TEXT, "description": "as in Europe/Istanbul; UTC if absent"},
                "gatherings": _named(_object(_gathering())),
                "participants": _named(_object(_participant())),
                "groups": _named({"oneOf": [_object(_group()), {"type": "array", "items": NAME}, {"type": "null"}]}),
                "facts": _named({"oneOf": [_object(_fact()), FACT_VALUE]}),
                "rules": _list(_object(_rule(), required=["rule"])),
                "statements": _list(_object(_statement(), required=["who", "says"])),
                "scenarios": _mapping(_object(_scenario())),
                "expect": _mapping(_mapping(ANSWER)),
            }
        ),
    }


def _object(properties: Json, required: list[str] | None = None) -> Json:
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _mapping(item: Json) -> Json:
    return {"oneOf": [{"type": "object", "additionalProperties": item}, {"type": "null"}]}


def _named(item: Json) -> Json:
    """A mapping of names to bodies, where a body may be left out; or a list of names."""
    body = {"oneOf": [*item.get("oneOf", [item])]}
    if {"type": "null"} not in body["oneOf"] and FACT_VALUE not in body["oneOf"]:
        body["oneOf"].append({"type": "null"})
    return {
        "oneOf": [
            {"type": "object", "additionalProperties": body},
            {"type": "array", "items": NAME},
            {"type": "null"},
        ]
    }


def _list(item: Json) -> Json:
    """A list of bodies or of their short forms."""
    return {"oneOf": [{"type": "array", "items": {"oneOf": [item, TEXT]}}, {"type": "null"}]}


def _gathering() -> Json:
    return {"name": TEXT, "start": MOMENT, "end": MOMENT, "place": TEXT, "held_if": CONDITION, "invited": NAMES}


def _participant() -> Json:
    weights = {"type": "object", "additionalProperties": WEIGHT}
    return {
        "name": TEXT,
        "address": {**TEXT, "description": "where calendars find them, as in anna@example.org"},
        "of": NAMES,
        "tags": NAMES,
        "weights": weights,
        "probability": PROBABILITY,
    }


def _group() -> Json:
    return {"name": TEXT, "members": NAMES}


def _fact() -> Json:
    return {"name": TEXT, "value": FACT_VALUE, "probability": PROBABILITY}


def _rule() -> Json:
    return {"id": NAME, "rule": CONDITION, "at": NAME, "note": TEXT}


def _statement() -> Json:
    return {
        "id": NAME,
        "who": NAME,
        "says": {**TEXT, "description": "as in: attends only if putin"},
        "at": NAME,
        "by": TEXT,
        "said": MOMENT,
        "source": TEXT,
        "url": TEXT,
        "note": TEXT,
        "also": YES_NO,
        "supersedes": NAMES,
        "inclination": {"type": "string", "pattern": "^(?i:inclined|disinclined|open)$"},
        "probability": PROBABILITY,
    }


def _scenario() -> Json:
    return {
        "name": TEXT,
        "note": TEXT,
        "assume": {"type": "object", "additionalProperties": YES_NO},
        "given": TEXTS,
        "add": {
            "oneOf": [
                TEXT,
                {"type": "array", "items": {"oneOf": [_object(_statement(), required=["who", "says"]), TEXT]}},
            ]
        },
        "withdraw": NAMES,
        "believe": TEXTS,
        "disbelieve": TEXTS,
        "as_of": MOMENT,
        "reading": {"type": "string", "pattern": "^(?i:conversational|literal)$"},
        "founded": YES_NO,
    }
