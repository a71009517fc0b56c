"""At first sight: what one git process tells is what the whole look tells, and it tells no more than it knows."""

from __future__ import annotations

from collections.abc import Callable

from memcli.core.memory.anchors import matches
from memcli.git.anchor_status import PathQuery, path_statuses
from memcli.git.code_tree import Code
from memcli.git.quick_status import quick_statuses
from memcli.workspace import Workspace
from tests.conftest import Repo


def test_it_agrees_with_the_whole_look_wherever_it_says_anything(
    repo: Repo, workspace: Callable[..., Workspace]
) -> None:
    first = repo.commit("more", {"src/kept.py": "KEPT = 1\n" * 9, "src/moved.py": "MOVED = 2\n" * 9, "a b/ü.py": "1\n"})
    blobs = {name: repo.git("rev-parse", f"{first}:{name}") for name in ("src/kept.py", "src/moved.py", "src/app.py")}
    repo.git("mv", "src/moved.py", "src/new.py")
    head = repo.commit("change", {"src/app.py": "RETRIES = 8\n"})
    asked = [
        *(PathQuery(name, blob[:8]) for name, blob in blobs.items()),
        *(PathQuery(name, blob, None, first[:8]) for name, blob in blobs.items()),
        PathQuery("src/kept.py"), PathQuery("src"), PathQuery("src/*.py"), PathQuery("gone.py"),
        PathQuery("gone.py", "00c0ffee"),
        PathQuery("gone.py", "00c0ffee", None, "00c0ffee00"), PathQuery("a b/ü.py", "d00491fd"), PathQuery("odd\nname"),
        PathQuery("x missing"), PathQuery("x ambiguous", "zzzz"),
    ]  # fmt: skip
    found = quick_statuses(str(repo.path / ".git"), head, asked)
    whole = dict(zip(asked, path_statuses(Code(workspace().odb, head, matches), asked), strict=True))
    for one, trace in found.items():
        assert (trace.present, trace.moved_to) == (whole[one].present, whole[one].moved_to), one
    assert {
        PathQuery("src/kept.py", blobs["src/kept.py"][:8]),
        PathQuery("gone.py"),
        PathQuery("gone.py", "00c0ffee"),
    } <= found.keys()
    assert (
        not {PathQuery("src"), PathQuery("src/*.py"), PathQuery("src/moved.py", blobs["src/moved.py"][:8])}
        & found.keys()
    )


def test_without_git_it_says_nothing(repo: Repo) -> None:
    assert quick_statuses(str(repo.path / "nowhere"), "0" * 40, [PathQuery("src/app.py", "00c0ffee")]) == {}
