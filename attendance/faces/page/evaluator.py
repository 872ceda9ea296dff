"""The script that answers in the page: its files as one, which has a single name, `evaluate`."""

from importlib.resources import files

FILES = ("search.js", "wiring.js", "evaluator.js")
"""In the order in which they build upon each other; the last says what `evaluate` takes and returns."""


def script() -> str:
    """The source of the evaluator: it declares `evaluate(network, values, budget)`, and nothing else."""
    room = files("attendance.faces.page")
    parts = "\n".join(room.joinpath(name).read_text(encoding="utf-8") for name in FILES)
    return f"const evaluate = (() => {{\n{parts}\nreturn evaluate;\n}})();\n"
