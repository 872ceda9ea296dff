"""A stand-in until the export is there."""

from typing import Any

from attendance.compiler import Compiled


def exported(compiled: Compiled) -> dict[str, Any]:
    """Nothing yet."""
    return {}
