"""`mem hydrate`: the pack, a bounded block of cited memory for an agent that begins or goes on with something."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from memcli.branch import SESSIONS, store_to_read
from memcli.core.memory.questions import Question
from memcli.core.pack.plan import PackItem, to_record
from memcli.core.pack.rendering import left_out
from memcli.core.review.recorded_text import recordable_value
from memcli.core.session import trailers
from memcli.core.session.commit_message import task_of
from memcli.core.session.reads import HYDRATE
from memcli.core.text.tokens import token_count
from memcli.errors import MemError
from memcli.git.branch_work import BranchWork, work_of_branch
from memcli.git.history import log
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.operations.recall.pack_sections import PackContext, PackSource, gather_offers
from memcli.operations.recall.packing import build_pack, pack_heading, pack_room, policy_tokens
from memcli.operations.recall.store_changes import changes_since
from memcli.operations.recall.touched_paths import relative_paths
from memcli.operations.views.damaged_index import retry_when_damaged
from memcli.operations.views.new_read import NewRead
from memcli.operations.views.reader import Reader
from memcli.selection import Selection
from memcli.state.journal import Journal
from memcli.state.kept_packs import Packs, pack_id
from memcli.workspace import Workspace

MAX_TASK = 2_000
EXCLUDED = "excluded"
"""What is about excluded code paths, among what was left out; the pack itself does not mention it."""


@dataclass(frozen=True)
class HydrateRequest:
    """What the pack is for: a task, code paths, at most `budget` tokens (default: the policy's).

    `hook` is the event of a harness's hook (`session-start`, `prompt`, `compact`, `edit`), whose output is capped and
    holds the text `beside` too; with `only` the pack has just those sections, and nothing is asked about the branch.
    `since` is the tree after which memories count as changed.
    """

    task: str = ""
    paths: Sequence[str] = ()
    budget: int | None = None
    hook: str | None = None
    only: Collection[str] = ()
    beside: str = ""
    since: str = ""


@dataclass(frozen=True)
class Hydrated:
    """`pack` is the sha256 of the text's bytes; `left_out`: (section, memories, the command that shows them).

    `items` are the memories with their titles, in the order of the text, which is empty where there is nothing to say;
    `questions`: what is open about each, by id.
    """

    pack: str
    tree: str
    text: str
    items: tuple[tuple[PackItem, str], ...]
    left_out: tuple[tuple[str, int, str], ...]
    kept: bool
    degraded: str | None = None
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)

    @property
    def exceeds(self) -> bool:
        """Whether anything was left out for want of room."""
        return any(section != EXCLUDED for section, _, _ in self.left_out)

    @property
    def tokens(self) -> int:
        return token_count(self.text)


@retry_when_damaged
def hydrate(workspace: Workspace, request: HydrateRequest) -> Hydrated:
    """Gather, choose, render, keep and record a pack."""
    ref, tip = store_to_read(workspace.layout)
    layout, reader, only = workspace.layout, Reader(workspace), request.only
    task, paths = recordable_value((request.task, tuple(request.paths)))
    session_task = "" if only else _session_task(layout, workspace.selection, workspace.journal)
    branch = BranchWork() if only else work_of_branch(layout, workspace.settings.get("codebranch", ""))
    context = PackContext(task[:MAX_TASK], session_task, relative_paths(layout.worktree, paths), branch)
    context = context.without(workspace.excludes) if workspace.excludes else context
    judge = reader.judge()
    with reader.view(meaning=bool(task or session_task)) as view:  # a branch's name is words
        degraded, excluded = view.degraded, reader.visibility.apply(view)
        changes = changes_since(workspace.odb, request.since, view.tree) if request.since else []
        source = PackSource(view, context, layout, tip, workspace.selection.work, changes)
        offers = gather_offers(source, judge, only)
        manifest = workspace.index.manifest(ref)  # within the view: another process may promote right after it
    judge.remember()
    tree = manifest.tree if manifest else ""
    room = policy_tokens(layout, tip) if request.budget is None else request.budget
    limit = pack_room(room, bool(request.hook), request.beside)
    pack = build_pack(pack_heading(context, tree, workspace.now), offers, limit)
    plan, text = pack.plan, pack.text
    records = [offers.records[item.id] for item in plan.items]
    kept = bool(text or not request.hook)  # a hook that had nothing to say has shown nothing
    if kept:
        parameters = {"task": context.task, "paths": list(context.paths), "budget": request.budget,
                      "for": request.hook, "tokens": token_count(text), "pack": to_record(plan)}  # fmt: skip
        reader.record_read(NewRead(HYDRATE, context.task, parameters, records, text))
        kept = _keep(Packs(layout), text)
    items = tuple((item, record.title) for item, record in zip(plan.items, records, strict=True))
    left = (*left_out(plan), *([(EXCLUDED, excluded, "mem list --all")] if excluded else ()))
    questions = {str(record.id): record.questions for record in records}
    return Hydrated(pack_id(text.encode()), tree, text, items, left, kept, degraded, questions)


def _session_task(layout: Layout, selection: Selection, journal: Journal) -> str:
    """The task that the caller's session was started with, also where its start waits in the journal."""
    name = selection.name
    if name is None:
        return ""
    if selection.is_open(name):
        tip = read_ref(layout, SESSIONS + name) or ""
        starts = log(layout.common_dir, [tip], 1, "--first-parent", f"--grep=^{trailers.START}: ")
        return next((task_of(commit.message) for commit in starts), "")[:MAX_TASK]
    tasks = [entry.note.get("task", "") for entry in journal.entries(name) if entry.verb == "start"]
    return tasks[0][:MAX_TASK] if tasks else ""


def _keep(packs: Packs, text: str) -> bool:
    try:
        packs.keep(text.encode())
        return True
    except (OSError, MemError):
        return False
