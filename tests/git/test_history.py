"""`git log` as it is read, whatever the user has configured."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from memcli.git.history import code_commits, first_dates, log
from tests.conftest import Repo

SETTINGS: dict[str, Mapping[str, str]] = {
    "none": {},
    "signatures": {"log.showSignature": "true", "gpg.program": "/bin/false"},
    "format": {"format.pretty": "oneline", "log.decorate": "full", "color.ui": "always", "log.date": "relative"},
    "files": {"log.showRoot": "false", "log.follow": "true", "diff.renames": "copies", "core.quotePath": "true"},
}


def sign(repo: Repo) -> None:
    """Give HEAD a signature that the configured program cannot check."""
    text = repo.git("cat-file", "commit", "HEAD")
    head, _, message = text.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----"
    signed = f"{head}\n{signature}\n\n{message}\n"
    repo.git("reset", "-q", "--soft", repo.git("hash-object", "-t", "commit", "-w", "--stdin", input=signed))


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_no_configuration_changes_what_is_read(repo: Repo, settings: Mapping[str, str]) -> None:
    repo.git("checkout", "-q", "--orphan", "other")
    first = repo.commit("add: the first\nof two lines\n\nWhy.\n\nMore.", {"docs/ä b.md": "a\nb\nc\n", "x.py": "1\n"})
    repo.git("mv", "docs/ä b.md", "docs/b.md")
    repo.commit("move", {"y.py": "1\n"})
    sign(repo)
    head = repo.git("rev-parse", "HEAD")
    for name, value in settings.items():
        repo.git("config", name, value)
    newest, oldest = code_commits(str(repo.path / ".git"), head)
    assert (newest.id, newest.subject, newest.body) == (head, "move", "")
    assert newest.files == ("docs/b.md", "docs/ä b.md", "y.py")
    assert (oldest.id, oldest.subject, oldest.body) == (first, "add: the first of two lines", "Why.\n\nMore.")
    assert {"docs/ä b.md", "x.py"} <= set(oldest.files)
    dates = first_dates(str(repo.path / ".git"), head, ["*.md"])
    assert dates["docs/ä b.md"] == oldest.at and dates["docs/b.md"] == newest.at and "x.py" not in dates
    [moved] = log(str(repo.path / ".git"), [head], 9, "--name-only", paths=["docs/b.md"])
    assert (moved.id, moved.files) == (head, ("docs/b.md",))
