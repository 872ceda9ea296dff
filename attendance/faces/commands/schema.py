"""`attendance schema`: the JSON Schema of case files."""

import click

from attendance.faces.screen import answer
from attendance.formats.schema import schema as of_files


@click.command()
def schema() -> None:
    """The JSON Schema of case files, for editors.

    Example: attendance schema > attendance.schema.json
    """
    answer(True, of_files(), lambda: ())
