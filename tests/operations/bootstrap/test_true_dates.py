"""A memory is as old as the newest of its lines."""

from __future__ import annotations

from memcli.operations.setup.init import init
from tests.conftest import Repo
from tests.operations.bootstrap.sources import Open, run

CHECKS = "## Checks\n\n- Always run `make check` before you commit; the CI runs nothing else.\n"
PUSH = "## Pushes\n\n- Never push to `main`, because the release job starts from it at once.\n"


def test_a_memory_has_the_date_of_its_lines(repo: Repo, workspace: Open) -> None:
    for day, text in (("01", f"# Rules\n\n{CHECKS}"), ("02", f"# Rules\n\n{CHECKS}\n{PUSH}")):
        repo.write("CLAUDE.md", text)
        repo.git("add", "-A")
        at = f"2024-01-{day}T12:00:00Z"
        repo.git("commit", "-qm", f"day {day}", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})
    init(workspace())
    dates = {proposal.memory.title: proposal.memory.created.day for proposal in run(workspace).proposed}
    assert sorted(dates.values()) == [1, 2], dates


def test_a_file_that_is_not_committed_is_of_today(repo: Repo, workspace: Open) -> None:
    init(workspace())
    repo.write("CLAUDE.md", f"# Rules\n\n{CHECKS}")
    opened = workspace()
    [proposal] = run(lambda: opened, "CLAUDE.md").proposed
    assert proposal.memory.created == opened.now.replace(microsecond=0)
