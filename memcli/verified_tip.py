"""The store's tip, looked at before anything is read from it or built on it.

`<common>/mem/store-tip` notes the last tip that was a store's, so that nothing is asked while the branch is still
there; where the branch is damaged or gone, it tells where it was. Without the file the tip is looked at again.
"""

from __future__ import annotations

import re
from pathlib import Path

from memcli.errors import Failure
from memcli.git.layout import Layout
from memcli.git.ref_files import symbolic_target
from memcli.system.durable_files import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from memcli.git.odb import Odb

FILE = "store-tip"
_STORE_FILES = frozenset(("MEMORY.md", "policy.yaml", "semantic", "procedural", "episodic", ".session"))
"""What the top of a store's tree may hold."""


class StoreDamaged(Failure):
    """The store's branch does not point to a store. Nothing is read from it, and nothing is built on it."""

    code = "store-damaged"


def check_tip(layout: Layout, ref: str, tip: str, root: str) -> None:
    """Check that a branch's tip continues from the root commit of every store. Raises StoreDamaged."""
    good = last_good_tip(layout, ref)
    link = symbolic_target(layout, ref)
    if tip == good and not link:
        return
    problem = f"is a symbolic ref to {link}" if link else _problem(layout, tip, root)
    if problem:
        raise StoreDamaged(f"{ref} {problem}; nothing was read from it or written", next_step(ref, good))
    note_tip(layout, ref, tip)


def note_tip(layout: Layout, ref: str, tip: str) -> None:
    """Note that a tip is a store's; not being able to does no harm."""
    try:
        replace(str(Path(layout.mem_dir, FILE)), f"{tip} {ref}\n".encode())
    except OSError:
        return


def last_good_tip(layout: Layout, ref: str) -> str:
    """The last tip of a branch that was noted; empty where there is none."""
    try:
        tip, _, noted = Path(layout.mem_dir, FILE).read_text("utf-8").strip().partition(" ")
    except (OSError, ValueError):
        return ""
    return tip if noted == ref and _is_id(tip) else ""


def next_step(ref: str, good: str) -> str:
    """How to look at what there was, and the safe next step."""
    name = ref.removeprefix("refs/heads/")
    if good:
        return (
            f"its last good tip was {good[:12]}: look at it with 'git log -3 {good[:12]}'; keep what {name} points to "
            f"now under another name if it is yours, then point {name} at {good[:12]} again"
        )
    return f"'git reflog {name}' and 'git for-each-ref refs/mem/' show where it was; then point {name} there again"


def _problem(layout: Layout, tip: str, root: str) -> str:
    """What is wrong with a tip; empty where nothing is."""
    if not _is_id(tip):
        return "holds no commit id" if tip else "is empty"
    from memcli.git.odb import Odb

    odb = Odb(layout)
    try:
        commit = odb.commit(tip)
    except Failure as error:
        return f"points to {tip[:12]}, which is no commit that can be read ({error.message})"
    if (odb.has(root) and odb.is_ancestor(root, tip)) or _is_shallow_store(layout, odb, commit.tree):
        return ""
    return f"points to {tip[:12]}, a commit outside the history of the memory"


def _is_shallow_store(layout: Layout, odb: Odb, tree: str) -> bool:
    """Whether the history is cut short here and the tree looks like a store's."""
    if not Path(layout.common_dir, "shallow").exists():
        return False
    return {path.partition("/")[0] for path in odb.files(tree)} <= _STORE_FILES


def _is_id(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}", text) is not None
