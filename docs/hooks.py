"""What the site gets when it is built: sessions told from programs, and a page of every public name."""

import re

from mkdocs.structure.files import File
from names import PAGE, page


def on_files(files, config):
    """Adds the page of every name."""
    files.append(File.generated(config, PAGE, content=page()))
    return files


def on_page_markdown(markdown, **_):
    """Blocks with prompts are sessions: what is typed and what is printed look different."""
    return re.sub(r"^```python\n(?=>>> )", "```pycon\n", markdown, flags=re.M)
