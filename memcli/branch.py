"""The store's branch: its ref and tip, and what the paths of its tree mean.

Contract: read with plain files, so that a recall whose index is current needs neither libgit2 nor the memory's schema.
"""

from __future__ import annotations

import re

from memcli.git.layout import Layout, list_refs, read_ref

ROOT = "6141f01ebabf281af282f1157ae8b2ce0efb994f"
"""The root commit of every store: the same in every clone, so that any two stores can merge."""
FRONT_PAGE, POLICY_FILE, SESSION_DIRECTORY = "MEMORY.md", "policy.yaml", ".session"
READS, COMMITS = f"{SESSION_DIRECTORY}/reads.jsonl", f"{SESSION_DIRECTORY}/commits"
_NAME = r"[^/\x00-\x1f\x7f-\x9f\ud800-\udfff]+"  # no control characters, nothing that is not UTF-8
_MEMORY_PATH = re.compile(rf"(semantic|procedural|episodic)/(?:{_NAME}/)*{_NAME}\.md")


def is_memory_path(path: str) -> bool:
    """Whether a path of the tree may hold a memory."""
    if not _MEMORY_PATH.fullmatch(path):
        return False
    return not any(part.lower() in (".", "..", ".git") for part in path.split("/"))


def main_ref(layout: Layout) -> str:
    """The store's branch: `mem/main`, or what `mem init --branch` recorded as `mem.branch`."""
    try:
        config = (layout.common_dir / "config").read_text(encoding="utf-8", errors="replace")
    except OSError:
        config = ""
    section = re.search(r"(?ims)^\[mem\]\s*$(.*?)(?=^\[|\Z)", config)
    name = re.search(r"(?im)^\s*branch\s*=\s*(\S+)\s*$", section[1]) if section else None
    return f"refs/heads/{name[1] if name else 'mem/main'}"


def store_tip(layout: Layout) -> tuple[str, str] | None:
    """(ref, commit) of the store: the local branch, else the one remote branch of that name."""
    ref = main_ref(layout)
    if tip := read_ref(layout, ref):
        return ref, tip
    branch = ref.removeprefix("refs/heads/")
    remotes = [(name, tip) for name, tip in list_refs(layout, "refs/remotes/") if _below_remote(name) == branch]
    return remotes[0] if len(remotes) == 1 else None


def _below_remote(ref: str) -> str:
    return ref.removeprefix("refs/remotes/").partition("/")[2]
