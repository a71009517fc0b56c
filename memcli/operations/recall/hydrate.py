"""`mem hydrate`: the pack, a bounded block of cited memory for an agent that begins or goes on with something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from memcli.branch import SESSIONS
from memcli.core.pack.plan import PackItem, to_record
from memcli.core.pack.rendering import left_out
from memcli.core.review.private import value_without_private
from memcli.core.session import trailers
from memcli.core.session.commit_message import task_of
from memcli.core.session.reads import HYDRATE
from memcli.core.text.tokens import token_count
from memcli.errors import MemError
from memcli.git.branch_work import Work, work
from memcli.git.queries import log
from memcli.git.ref_files import read_ref
from memcli.operations.recall.pack_sections import Question, gather
from memcli.operations.recall.packing import characters, pack_of
from memcli.operations.recall.touched_paths import in_repository
from memcli.operations.views.reader import NewRead, Reader, retried_when_damaged
from memcli.state.packs import Packs, pack_id
from memcli.workspace import Workspace

MAX_TASK = 2_000
EXCLUDED = "excluded"
"""What is about excluded code paths, among what was left out; the pack itself does not speak of it."""


@dataclass(frozen=True)
class Hydrated:
    """`pack` is the sha256 of the text's bytes; `left_out`: (section, memories, the command that shows them).

    `items` are the memories with their titles, in the order of the text, which is empty where there is nothing to say.
    """

    pack: str
    tree: str
    text: str
    items: tuple[tuple[PackItem, str], ...]
    left_out: tuple[tuple[str, int, str], ...]
    kept: bool
    degraded: str | None = None

    @property
    def exceeds(self) -> bool:
        """Whether anything was left out for want of room."""
        return any(section != EXCLUDED for section, _, _ in self.left_out)

    @property
    def tokens(self) -> int:
        return token_count(self.text)


@retried_when_damaged
def hydrate(
    workspace: Workspace,
    task: str = "",
    paths: Sequence[str] = (),
    budget: int | None = None,
    occasion: str | None = None,
    only: Collection[str] = (),
    beside: str = "",
) -> Hydrated:
    """Gather, choose, render, keep and record a pack of at most `budget` tokens (default: the policy's).

    `occasion` is that of a harness's hook (`session-start`, `prompt`, `compact`, `edit`), whose output is capped; with
    `only` it holds just those sections, and nothing is asked about the branch. `beside` stands in the same output.
    """
    ref, _ = workspace.tip()
    done = Work() if only else work(workspace.layout, workspace.settings.get("codebranch", ""))
    (task, paths), _ = value_without_private((task, tuple(paths)))
    asked = Question(task[:MAX_TASK], "" if only else _session_task(workspace), in_repository(workspace, paths), done)
    asked = asked.without(workspace.excludes) if workspace.excludes else asked
    reader = Reader(workspace)
    judge = reader.judge()
    with reader.view(meaning=bool(asked.task or asked.session_task)) as view:  # a branch's name is words
        degraded, excluded = view.degraded, reader.visibility.apply(view)
        found = gather(workspace, view, asked, judge, only)
        manifest = workspace.index.manifest(ref)  # within the view: another process may promote right after it
    judge.remember()
    tree = manifest.tree if manifest else ""
    pack = pack_of(workspace, asked, found, tree, characters(workspace, budget, bool(occasion), beside))
    plan, text = pack.plan, pack.text
    parameters: dict[str, object] = {"task": asked.task, "paths": list(asked.paths), "budget": budget, "for": occasion,
                                     "pack": to_record(plan)}  # fmt: skip
    items = tuple((one, found.records[one.id].title) for one in plan.items)
    kept = bool(text or not occasion)  # a hook that had nothing to say has shown nothing
    if kept:
        reader.record_read(
            NewRead(HYDRATE, asked.task, parameters, [found.records[one.id] for one in plan.items], text)
        )
        kept = _keep(workspace, text)
    left = (*left_out(plan), *([(EXCLUDED, excluded, "mem list --all")] if excluded else ()))
    return Hydrated(pack_id(text.encode()), tree, text, items, left, kept, degraded)


def _session_task(workspace: Workspace) -> str:
    """The task that the caller's session was begun with, also where its beginning waits in the journal."""
    name = workspace.selection.name
    if name is None:
        return ""
    if workspace.selection.is_open(name):
        tip = read_ref(workspace.layout, SESSIONS + name) or ""
        begun = log(workspace.layout.common_dir, [tip], 1, "--first-parent", f"--grep=^{trailers.START}: ")
        return next((task_of(one.message) for one in begun), "")[:MAX_TASK]
    said = [entry.note.get("task", "") for entry in workspace.journal.entries(name) if entry.verb == "start"]
    return said[0][:MAX_TASK] if said else ""


def _keep(workspace: Workspace, text: str) -> bool:
    try:
        Packs(workspace.layout).keep(text.encode())
        return True
    except (OSError, MemError):
        return False
