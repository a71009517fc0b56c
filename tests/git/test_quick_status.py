"""At first sight: what one git process tells is what the whole look tells, and it tells no more than it knows."""

from __future__ import annotations

from collections.abc import Callable

from memcli.core.memory.anchors import matches
from memcli.git.anchor_status import Asked, traces
from memcli.git.code_tree import Code
from memcli.git.quick_status import glances
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
        *(Asked(name, blob[:8]) for name, blob in blobs.items()),
        *(Asked(name, blob, None, first[:8]) for name, blob in blobs.items()),
        Asked("src/kept.py"), Asked("src"), Asked("src/*.py"), Asked("gone.py"), Asked("gone.py", "00c0ffee"),
        Asked("gone.py", "00c0ffee", None, "00c0ffee00"), Asked("a b/ü.py", "d00491fd"), Asked("odd\nname"),
        Asked("x missing"), Asked("x ambiguous", "zzzz"),
    ]  # fmt: skip
    found = glances(str(repo.path / ".git"), head, asked)
    whole = dict(zip(asked, traces(Code(workspace().odb, head, matches), asked), strict=True))
    for one, trace in found.items():
        assert (trace.present, trace.moved_to) == (whole[one].present, whole[one].moved_to), one
    assert {
        Asked("src/kept.py", blobs["src/kept.py"][:8]),
        Asked("gone.py"),
        Asked("gone.py", "00c0ffee"),
    } <= found.keys()
    assert not {Asked("src"), Asked("src/*.py"), Asked("src/moved.py", blobs["src/moved.py"][:8])} & found.keys()


def test_without_git_it_says_nothing(repo: Repo) -> None:
    assert glances(str(repo.path / "nowhere"), "0" * 40, [Asked("src/app.py", "00c0ffee")]) == {}
