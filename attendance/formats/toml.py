"""Reads TOML: the values by Python's own tomllib, their places by a scan of the text.

The scan goes first and without recursion, so that what is nested too deeply or has too many parts
never gets to tomllib. It takes more than TOML does and gives up at what it does not know; then tomllib
says what is wrong, or, should it know better, the rest has the place of what is around it.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from attendance.formats.document import (
    DEEPEST,
    LONGEST_WRITTEN,
    MOST_DIGITS,
    TOO_DEEP,
    TOO_LONG_WRITTEN,
    Escaped,
    Fault,
    Node,
    Place,
    Source,
    shown,
)

MOST_TOML_NODES = 500_000

_SKIP = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_BLANKS = re.compile(r"[ \t]*+")
_PART = re.compile(r"""[ \t]*+([A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')[ \t]*+""")
_SCALAR = re.compile(
    r"""
      (?P<lines>\"""(?:[^"\\]++|\\.|""?(?!"))*+"{3,5} | '''(?:[^']++|''?(?!'))*+'{3,5})
    | (?P<line>"(?!"")(?:[^"\\\n]++|\\.)*+" | '(?!'')[^'\n]*+')
    | (?P<bare>\d{4}-\d\d-\d\d[ ]\d\d:[^ \t\n,\[\]{}\#"'=]*+ | [^ \t\n,\[\]{}\#"'=]++)
    """,
    re.VERBOSE | re.DOTALL,
)
