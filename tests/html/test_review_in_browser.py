"""The page of `mem review --web` in a real browser: what candidates say runs nothing and loads nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from memcli import config
from memcli.branch import SESSIONS
from memcli.git import refs
from memcli.git.objects import Move
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.html.browser import SCHEMES, WIDTHS, visited
from tests.html.hostile_store import DECEIVES, RUNS, hostile_memories, hostile_repository, unreadable_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def hostile_page(sealed_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """The page of a session all of whose texts are hostile, committed past every check."""
    repo = hostile_repository(tmp_path_factory.mktemp("hostile"))
    workspace = Workspace(config.load(config.Flags(directory=str(repo.path))))
    init(workspace)
    mem = [sys.executable, "-m", "memcli"]
    start = [*mem, "session", "start", "evil", "--task", RUNS[0], "--agent", RUNS[1]]
    subprocess.run(start, cwd=repo.path, check=True, capture_output=True)
    workspace = Workspace(workspace.config)
    tip = repo.git("rev-parse", f"{SESSIONS}evil")
    texts = {**dict(hostile_memories()), **dict(unreadable_files())}
    tree = workspace.store.write(workspace.store.tree_of(tip), texts)
    commit = workspace.odb.write_commit(tree, [tip], "by hand\n", workspace.person)
    refs.move(workspace.odb, [Move(f"{SESSIONS}evil", tip, commit)], "test", workspace.person)
    file = repo.path.parent / "review.html"
    subprocess.run([*mem, "review", "--output", str(file)], cwd=repo.path, check=True, capture_output=True)
    return file


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_candidates_run_and_load_nothing(browser: Browser, hostile_page: Path, width: int, scheme: str) -> None:
    with visited(browser, hostile_page, width=width, scheme=scheme) as visit:
        for box in visit.page.locator("body *:visible").all()[:200]:
            box.dispatch_event("mouseover")
        assert visit.misdeeds() == []
        assert visit.page.evaluate("window.ran") is None
        counts = visit.page.evaluate(
            "['script', 'style', 'img', 'iframe', 'form', 'base', 'link', 'svg'].map((name) =>"
            " document.getElementsByTagName(name).length)"
        )
        assert counts == [0, 1, 0, 0, 0, 0, 0, 0]
        text = visit.page.locator("body").inner_text()
        assert RUNS[0] in text and not set("\u202e\u200b\u2066\u2069\U000e0041") & set(text)
        targets = visit.page.evaluate("[...document.links].map((each) => each.getAttribute('href'))")
        assert all(target.startswith("#") for target in targets)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_deceiving_characters_are_seen(hostile_page: Path) -> None:
    html = hostile_page.read_text("utf-8")
    assert "invoice\\u202egnp.exe" in html and not {
        letter for text in DECEIVES for letter in text if letter > "\u2000"
    } & set(html)
