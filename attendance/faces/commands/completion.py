"""`attendance completion`: the script with which a shell completes commands, options, files and names."""

import sys

import click

from attendance.faces.screen import put
from attendance.faces.shells import SHELLS


@click.command()
@click.argument("shell", type=click.Choice([*SHELLS]))
def completion(shell: str) -> None:
    """The script with which a shell completes names, files and options.

    How to install it stands at its top: in bash, put `source <(attendance completion bash)` into ~/.bashrc.

    Example: attendance completion bash
    """
    put(lambda: sys.stdout.write(SHELLS[shell].source_template))
