"""The store's branch: whether there is one, its ref and tip, and what the paths of its tree mean.

Contract: read with plain files, so that neither a recall whose index is current nor a hook that only records needs
libgit2 or the memory's schema. Git is asked only where the repository's own config may name the branch.
"""

from __future__ import annotations

import re
from functools import lru_cache

from memcli.git.layout import Layout, text_of_file
from memcli.git.ref_files import list_refs, read_ref, ref_times

ROOT = "6141f01ebabf281af282f1157ae8b2ce0efb994f"
"""The root commit of every store: the same in every clone, so that any two stores can merge."""
FRONT_PAGE, POLICY_FILE, SESSION_DIRECTORY = "MEMORY.md", "policy.yaml", ".session"
READS, COMMITS = f"{SESSION_DIRECTORY}/reads.jsonl", f"{SESSION_DIRECTORY}/commits"
FINGERPRINTS = f"{SESSION_DIRECTORY}/fingerprints.jsonl"
SESSIONS, ENDED = "refs/mem/sessions/", "refs/mem/ended/"
"""Where open sessions and ended ones are, as refs."""
_NAME = r"[^/\x00-\x1f\x7f-\x9f\ud800-\udfff]+"  # no control characters, nothing that is not UTF-8
_MEMORY_PATH = rf"(semantic|procedural|episodic)/(?:{_NAME}/)*{_NAME}\.md"
"""Compiled at its first use: that takes 2 ms, which hooks need for other things."""


def is_memory_path(path: str) -> bool:
    """Whether a path of the tree may hold a memory."""
    if not re.fullmatch(_MEMORY_PATH, path):
        return False
    return not any(part.lower() in (".", "..", ".git") for part in path.split("/"))


def main_ref(layout: Layout) -> str:
    """The store's branch: what `mem.branch` names in the repository's config, as git reads it, else `mem/main`.

    The user's own config does not count: which branch holds the store is a fact about the repository."""
    texts = (text_of_file(layout.common_dir), text_of_file(layout.git_dir, "config.worktree"))
    configured = _configured_branch(layout.git_dir, texts) if any(map(_may_name_a_branch, texts)) else ""
    return f"refs/heads/{configured or 'mem/main'}"


def _may_name_a_branch(config: str) -> bool:
    """Whether a text of git's config has a section `mem` with a key `branch` after it, or includes other files."""
    text = config.lower()
    if "[mem]" not in text:
        return "[include" in text
    return "[include" in text or re.search(r"(?s)\[mem\](?:.*[\]\n])?[^\S\n]*branch\b", text) is not None


@lru_cache(maxsize=8)
def _configured_branch(git_dir: str, _texts: tuple[str, str]) -> str:
    """Git's answer, asked once for the same texts of the config files."""
    from memcli.git.command import ask_git

    options = ("--includes", "--show-scope", "--null", "--get-all")
    words = ask_git(git_dir, "config", *options, "mem.branch").split("\0")[:-1]
    values = [value for scope, value in zip(words[::2], words[1::2], strict=True) if scope in ("local", "worktree")]
    return values[-1] if values else ""


def open_sessions(layout: Layout) -> list[str]:
    """The names of the open sessions, sorted."""
    return sorted(ref.removeprefix(SESSIONS) for ref in ref_times(layout, SESSIONS))


def is_initialised(layout: Layout) -> bool:
    """Whether the store can be written here: `mem init` has run in this clone."""
    return read_ref(layout, main_ref(layout)) is not None


def store_tip(layout: Layout) -> tuple[str, str] | None:
    """(ref, commit) of the store: the local branch, else the remote branch of that name, where no other differs."""
    ref = main_ref(layout)
    tip = read_ref(layout, ref)
    if tip is not None:
        return ref, tip
    remotes = remote_branches(layout, ref.removeprefix("refs/heads/"))
    return remotes[0] if len({tip for _, tip in remotes}) == 1 else None


def store_to_read(layout: Layout) -> tuple[str, str]:
    """(ref, commit) of the store, also where it is only a remote branch. Raises NoStore, and StoreDamaged where the
    branch is gone or points to something else than a store."""
    from memcli.errors import NoStore
    from memcli.verified_tip import check_tip

    store = store_tip(layout)
    refuse_lost_branch(layout, store)
    if store is None:
        raise NoStore("this repository has no memory yet", "run 'mem init'")
    check_tip(layout, *store, ROOT)
    return store


def refuse_lost_branch(layout: Layout, store: tuple[str, str] | None) -> None:
    """Raise StoreDamaged where the store's local branch is gone that was there before; `store` is what there is."""
    from memcli.verified_tip import StoreDamaged, last_good_tip, next_step

    ref = main_ref(layout)
    if store and store[0] == ref:
        return
    good, sessions = last_good_tip(layout, ref), open_sessions(layout)
    if good and store and _reaches(layout, store[1], good):
        return  # all that it held is on the remote
    if good or sessions:
        kept = f"; open sessions build on it: {', '.join(sessions[:3])}" if sessions else ""
        raise StoreDamaged(f"the store's branch {ref.removeprefix('refs/heads/')} is gone{kept}", next_step(ref, good))


def _reaches(layout: Layout, tip: str, commit: str) -> bool:
    from memcli.git.odb import Odb

    odb = Odb(layout)
    return odb.has(tip) and odb.has(commit) and odb.is_ancestor(commit, tip)


def store_to_write(layout: Layout) -> tuple[str, str]:
    """(ref, commit) of the store's local branch. Raises NoStore where `mem init` has not run in this clone."""
    from memcli.errors import NoStore

    ref, tip = store_to_read(layout)
    if not ref.startswith("refs/heads/"):
        name = ref.removeprefix("refs/remotes/")
        raise NoStore(f"mem is not initialised in this clone (only {name} exists)", f"run 'mem init' to adopt {name}")
    return ref, tip


def remote_branches(layout: Layout, branch: str) -> list[tuple[str, str]]:
    """(ref, commit) of that branch of every remote that has it, as last fetched."""
    prefix = "refs/remotes/"
    refs = list_refs(layout, prefix)
    return [(ref, tip) for ref, tip in refs if ref.removeprefix(prefix).partition("/")[2] == branch]
