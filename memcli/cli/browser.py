"""Opening a page in the user's browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_IN_TERMINALS = {"www-browser", "links", "elinks", "lynx", "w3m"}
"""Browsers that would take the terminal, which this process is about to give back."""


def open_page(file: Path) -> bool:
    """Whether there is a browser for a page; it is started as a process that nobody waits for."""
    if not _has_browser():
        return False
    # isolated: no module of the directory we are in; without our streams, which a browser would keep open
    command = [sys.executable, "-I", "-m", "webbrowser", file.resolve().as_uri()]
    null = subprocess.DEVNULL
    subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)
    return True


def _has_browser() -> bool:
    """Whether the user's browser is one that shows pages in a window, and is installed."""
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if isinstance(browser, webbrowser.GenericBrowser):  # made of whatever BROWSER names
        return shutil.which(browser.name) is not None and Path(browser.name).name not in _IN_TERMINALS
    return True
