"""A browser for the tests of pages, and the team's store with its report.

The browser is one for each module: while it is open, playwright's event loop runs in this thread, which no test of the
terminal interface can share.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.html.browser import chromium
from tests.html.team_store import build_team_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser(sealed_world: Path) -> Iterator[Browser]:  # noqa: ARG001 - its HOME is the browser's
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def team_report(sealed_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """The report on the team's store."""
    place = tmp_path_factory.mktemp("team")
    team = build_team_store(place / "harbour")
    team.mem("report", "--output", str(place / "report.html"))
    return place / "report.html"
