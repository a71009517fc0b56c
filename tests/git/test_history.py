"""`git log` as it is read, whatever the user has configured."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from memcli.git.history import code_messages, log, touched_files
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
    common = str(repo.path / ".git")
    newest, oldest = code_messages(common, head)
    assert (newest.id, newest.subject, newest.body) == (head, "move", "")
    assert (oldest.id, oldest.subject, oldest.body) == (first, "add: the first of two lines", "Why.\n\nMore.")
    assert newest.author == repo.git("log", "-1", "--format=%an")
    files = touched_files(common, [head, first])
    assert files[head] == ("docs/b.md", "docs/ä b.md", "y.py")
    assert {"docs/ä b.md", "x.py"} <= set(files[first])
    [moved] = log(str(repo.path / ".git"), [head], 9, "--name-only", paths=["docs/b.md"])
    assert (moved.id, moved.files) == (head, ("docs/b.md",))


def test_of_a_merge_the_files_are_those_of_its_branch(repo: Repo) -> None:
    main = repo.git("symbolic-ref", "--short", "HEAD")
    repo.git("checkout", "-qb", "side")
    repo.commit("side", {"side.py": "1\n"})
    repo.git("checkout", "-q", main)
    repo.commit("main", {"main.py": "1\n"})
    repo.git("merge", "-q", "--no-ff", "-m", "Merge pull request #1 from side", "side")
    head = repo.git("rev-parse", "HEAD")
    assert touched_files(str(repo.path / ".git"), [head]) == {head: ("side.py",)}
