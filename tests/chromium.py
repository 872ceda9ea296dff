"""Chromium, as Debian has it, for what can only be proved in a browser: nothing here reaches the network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

SECONDS = 60
"""How long anything in a page may take."""


@contextmanager
def browser() -> Iterator[Any]:
    """A browser, headless and cut off. Where there is none the tests are skipped, but fail where CI is set."""
    found = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        missing = "Debian's chromium and playwright are needed: apt-get install chromium, pip install '.[dev]'"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    # As root there is no sandbox; no other process of it may look for updates, or for anything else.
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=quiet)
        try:
            yield opened
        finally:
            opened.close()
