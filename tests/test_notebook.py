"""The example notebook shows what it would show if it were run now."""

import ast
import io
import json
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parent.parent / "examples" / "istanbul.ipynb"
COMPARED = ("text/plain", "text/html", "text/vnd.mermaid")
"""Where a letter stands in a picture hangs on the fonts of the machine that drew it."""


def shown(source: str, names: dict[str, Any]) -> tuple[str, Any]:
    """What a cell prints, and the value of its last line."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return printed.getvalue(), value


def without_pictures(text: str) -> str:
    """HTML with what Graphviz drew in it left out."""
    before, svg, rest = text.partition("<svg")
    return before + rest.partition("</svg>")[2] if svg else text


def test_the_notebook_is_as_it_was_run() -> None:
    cells = [c for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    assert len(cells) >= 8
    names: dict[str, Any] = {}
    with chdir(NOTEBOOK.parent):
        for number, cell in enumerate(cells, 1):
            printed, value = shown("".join(cell["source"]), names)
            assert number == cell["execution_count"]
            kept = {o["output_type"]: o for o in cell["outputs"]}
            assert printed == "".join(kept.get("stream", {}).get("text", ""))
            data = {k: "".join(v) for k, v in kept.get("execute_result", {}).get("data", {}).items()}
            now = {} if value is None else {"text/plain": repr(value)}
            if hasattr(value, "_repr_mimebundle_"):
                now = value._repr_mimebundle_()
            assert set(now) == set(data)
            for kind in set(COMPARED) & set(now):
                assert without_pictures(now[kind]) == without_pictures(data[kind]), f"cell {number}, {kind}"
