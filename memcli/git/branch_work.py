"""The work on the branch that is checked out: its commits since it left the default branch, within bounds.

The default branch is `origin/HEAD`'s, else the configured one (git config `mem.codeBranch`), else `main` or `master`.
On the default branch itself, or where there is none, the last few commits stand for its work. Only commits count.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from memcli.git.history import log
from memcli.git.layout import Layout
from memcli.git.ref_files import current_branch, read_ref, symbolic_target

LAST, MOST_COMMITS, MOST_FILES = 5, 50, 100
_ORIGIN = "refs/remotes/origin/"


@dataclass(frozen=True)
class BranchWork:
    """`branch` is empty where HEAD is detached, `base` on the default branch; the newest come first."""

    branch: str = ""
    base: str = ""
    commits: int = 0
    subjects: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def default_branch(
    layout: Layout, configured: str = "", guesses: tuple[str, ...] = ("main", "master")
) -> tuple[str, str] | None:
    """(name, commit) of the code's default branch; None where there is none."""
    origin = _origin_head(layout)
    names = [f"{_ORIGIN}{origin}"] if origin else []
    for name in filter(None, (configured, *guesses)):
        names += [name] if name.startswith("refs/") else [f"refs/heads/{name}", f"{_ORIGIN}{name}"]
    for ref in names:
        if commit := read_ref(layout, ref):
            return ref.removeprefix(_ORIGIN).removeprefix("refs/heads/"), commit
    return None


def _origin_head(layout: Layout) -> str:
    target = symbolic_target(layout, f"{_ORIGIN}HEAD") or ""
    return target.removeprefix(_ORIGIN) if target.startswith(_ORIGIN) else ""


def work_of_branch(layout: Layout, configured: str = "") -> BranchWork:
    """The work on what is checked out, as far as git can tell; `configured` names the default branch where
    `origin` does not.

    Merges and root commits do not count: what they bring is not work on what was there.
    """
    head, branch = read_ref(layout, "HEAD"), current_branch(layout) or ""
    if head is None:
        return BranchWork(branch)
    default = default_branch(layout, configured)
    base = default if default and default[0] != branch else None
    revisions, limit = ([head, f"^{base[1]}"], MOST_COMMITS) if base else ([head, "--first-parent"], LAST)
    commits = log(layout.common_dir, revisions, limit, "--name-only", "--min-parents=1", "--max-parents=1")
    subjects = (commit.subject for commit in commits)
    files = dict.fromkeys(file for commit in commits for file in commit.files)
    name, count = (base[0], len(commits)) if base else ("", 0)
    return BranchWork(branch, name, count, tuple(filter(None, subjects)), tuple(islice(files, MOST_FILES)))
