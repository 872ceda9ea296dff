"""Names that a case does not know, or not as what they are used for: one case of each kind of mistake, told to the word.

What is expected stands in tests/mistakes.txt.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import attendance as at

TOLD = dict(
    block.rstrip("\n").split("\n", 1)
    for block in Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8").removeprefix("# ").split("\n# ")
)
GATHERINGS = [{"id": "talks"}, {"id": "dinner", "invited": ["ann"]}]


def deep(name: str, depth: int) -> str:
    return "not (" * depth + name + ")" * depth


MISTAKEN: dict[str, dict[str, Any]] = {
    "statements and rules": {
        "gatherings": GATHERINGS,
        "facts": ["f"],
        "groups": {"g": ["bob"]},
        "statements": [
            "ann sends ann",
            "ann sends zed, bob",
            "ann at dinner sends bob",
            "g attends",
            "ann sends g",
            "ann waits for zed, bob at nowhere",
            "ann at nowhere attends",
            "bob at dinner attends",
            "f attends",
            "ann attends if f at talks",
            "ann attends if talks at dinner",
            "ann attends if bob at dinner",
            "ann attends if zed at nowhere",
            "ann attends if bob is represented",
            "ann attends if g is held",
            "ann attends if f is represented",
            "ann attends if at least 2 of (others at nowhere, bob)",
            "ann attends if x of bob at least 1",
            "ann attends if at least 3 of (ann, bob)",
            "ann attends if dinner is held and not zed",
        ],
        "rules": [
            {"rule": "zed", "at": "nowhere"},
            {"rule": "bob", "at": "dinner"},
            "at least 2 of others",
            "bob at dinner",
        ],
    },
    "a circle of gatherings": {
        "gatherings": [
            {"id": "talks", "held_if": "dinner is held"},
            {"id": "dinner", "held_if": "not tea"},
            {"id": "tea", "held_if": "talks is held"},
        ]
    },
    "when gatherings end": {
        "gatherings": [
            {"id": "talks", "start": datetime(2025, 5, 2, 10), "end": datetime(2025, 5, 2, 9)},
            {"id": "at once", "start": datetime(2025, 5, 2, 10), "end": datetime(2025, 5, 2, 10)},
            {"id": "days", "start": date(2025, 5, 2), "end": date(2025, 5, 1)},
            {"id": "no start", "end": date(2025, 5, 1)},
            {"id": "no end", "start": date(2025, 5, 1)},
        ]
    },
    "who is invited": {
        "gatherings": [
            {"id": "talks", "invited": ["zed"], "held_if": "at least 2 of others and zed at nowhere"},
            {"id": "dinner", "held_if": "all of everyone and bob at dinner", "invited": ["ann"]},
        ]
    },
    "scenarios and answers": {
        "gatherings": GATHERINGS,
        "facts": ["f"],
        "statements": [
            {"id": "one", "who": "ann", "says": "attends", "source": "press"},
            {"id": "two", "who": "bob", "says": "attends", "supersedes": ["on", "twoo"]},
            {"id": "x", "who": "bob", "says": "attends", "supersedes": "y"},
            {"id": "y", "who": "bob", "says": "declines", "supersedes": "x"},
        ],
        "scenarios": [
            {
                "id": "s",
                "assume": {
                    "ann at dinner": True,
                    "a b c": True,
                    "bob at dinner": False,
                    "zed": True,
                    "f at talks": True,
                    "ann": True,
                    "cem at nowhere": True,
                },
                "given": ["zed", "bob at dinner", "at least 2 of others"],
                "add": [
                    "zed attends",
                    {"id": "z", "who": "bob", "says": "declines", "supersedes": ["onee", "z"]},
                    "bob at dinner attends if zed",
                ],
                "withdraw": ["ohne", "rule.9"],
                "believe": ["pres"],
                "disbelieve": ["radio"],
            },
            {"id": "t", "believe": ["nobody"]},
            {"id": "u", "assume": {"ann": True, "ann at talks": False}},
        ],
        "expect": {
            "": {
                "ann": "attends",
                "ann at talks": "absent",
                "dinner": "attends",
                "bob at dinner": "absent",
                "zed": "absent",
                "bob": "held",
                "talks": "not held",
                "cem at nowhere": "absent",
                "a b c": "absent",
                "bob at talks": "not held",
            },
            "ss": {"ann": "attends", "bob": "absent"},
            "s": {"dinner": "undetermined"},
        },
    },
    "no sources": {"statements": ["ann attends"], "scenarios": [{"id": "s", "believe": ["p"], "disbelieve": ["q"]}]},
    "other sources": {
        "statements": [{"who": "ann", "says": "attends", "source": source} for source in ("xx", "ww")],
        "scenarios": [{"id": "s", "believe": ["p"]}],
    },
    "a chain of gatherings": {
        "gatherings": [{"id": "g0"}, *({"id": f"g{i}", "held_if": f"g{i - 1} is held"} for i in range(1, 130))]
    },
    "gatherings that read deep gatherings": {
        "gatherings": [
            {"id": "a", "held_if": deep("bob", 60)},
            {"id": "b", "held_if": deep("a", 39)},
            {"id": "c", "held_if": deep("a", 40)},
            {"id": "d", "held_if": deep("a is held", 41)},
        ],
        "rules": [deep("a", 40), deep("a", 41)],
    },
}
"""What is given besides three participants."""


def told(keys: dict[str, Any]) -> str:
    with pytest.raises(at.CaseError) as caught:
        at.Case(participants=["ann", "bob", "cem"], **keys)
    return str(caught.value)


@pytest.mark.parametrize("name", MISTAKEN)
def test_it_is_told(name: str) -> None:
    assert TOLD[name] == told(MISTAKEN[name])


def test_there_is_no_other() -> None:
    assert list(TOLD) == list(MISTAKEN)
