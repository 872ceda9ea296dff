"""`attendance ever`: whether something holds in some outcome."""

from typing import Any

import click

from attendance.faces import completing
from attendance.faces.commands.always import OVER, tell
from attendance.faces.options import FILE, asking, opened, parts_of
from attendance.questions import prove as question


@click.command()
@FILE
@click.argument("condition", shell_complete=completing.conditions)
@OVER
@asking
def ever(file: str, condition: str, over: tuple[str, ...], **options: Any) -> None:
    """Whether something holds in some outcome, whatever varies.

    If so, such an outcome is told; the exit status is 1 if there is none.

    Example: attendance ever seeds/istanbul-2025.yaml zelensky --over putin
    """
    case = opened(file)
    tell(case, question.ever(case, condition, over=over, **parts_of(options)), options["as_json"])
