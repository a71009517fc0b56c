"""`mem hydrate`: the pack, a bounded block of cited memory for an agent that begins or goes on with something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memcli.branch import POLICY_FILE
from memcli.core.budget import CHARACTERS_PER_TOKEN, tokens
from memcli.core.frame import clean, cut
from memcli.core.instant import format_instant
from memcli.core.pack import HOOK_LIMIT, assemble, left_out, render
from memcli.core.plan import Heading, Item, to_record
from memcli.core.policy import Policy, read_policy
from memcli.core.session import task_of
from memcli.errors import MemError
from memcli.operations.gathering import Question, branch_words, gather, in_repository
from memcli.operations.reading import open_view, outliving_damage, record_read
from memcli.operations.staleness import Judge
from memcli.repo.asking import file_at, log
from memcli.repo.layout import read_ref
from memcli.repo.packs import Packs, pack_id
from memcli.repo.refs import SESSIONS
from memcli.repo.work import work
from memcli.workspace import Workspace

MAX_TASK = 2_000


@dataclass(frozen=True)
class Hydrated:
    """`pack` is the sha256 of the text's bytes; `left_out`: (section, memories, the command that shows them).

    `items` are the memories with their titles, in the order of the text, which is empty where there is nothing to say.
    """

    pack: str
    tree: str
    text: str
    items: tuple[tuple[Item, str], ...]
    left_out: tuple[tuple[str, int, str], ...]
    kept: bool
    degraded: str | None = None

    @property
    def tokens(self) -> int:
        return tokens(self.text)


@outliving_damage
def hydrate(
    workspace: Workspace,
    task: str = "",
    paths: Sequence[str] = (),
    budget: int | None = None,
    occasion: str | None = None,
) -> Hydrated:
    """Gather, choose, render, keep and record a pack of at most `budget` tokens (default: the policy's).

    `occasion` is that of a harness's hook (`session-start`, `prompt`, `compact`), whose output is capped.
    """
    ref, _ = workspace.tip()
    done = work(workspace.layout, workspace.settings.get("codebranch", ""))
    asked = Question(task[:MAX_TASK], _session_task(workspace), in_repository(workspace, paths), done)
    judge = Judge(workspace)
    with open_view(workspace, meaning=bool(asked.task or asked.session_task)) as view:  # a branch's name is words
        degraded = view.degraded
        found = gather(workspace, view, asked, judge)
        manifest = workspace.index.manifest(ref)  # within the view: another process may promote right after it
    judge.remember()
    tree = manifest.tree if manifest else ""
    plan = assemble(_heading(workspace, asked, tree), found.offers, found.texts, _limit(workspace, budget, occasion))
    text = render(plan, found.texts)
    parameters: dict[str, object] = {"task": asked.task, "paths": list(asked.paths), "budget": budget, "for": occasion,
                                     "pack": to_record(plan)}  # fmt: skip
    record_read(workspace, "hydrate", asked.task, parameters, [found.records[one.id] for one in plan.items], text)
    items = tuple((one, found.records[one.id].title) for one in plan.items)
    kept = _keep(workspace, text)
    return Hydrated(pack_id(text.encode()), tree, text, items, tuple(left_out(plan)), kept, degraded)


def _session_task(workspace: Workspace) -> str:
    """The task that the caller's session was begun with, also where its beginning waits in the journal."""
    name = workspace.selection.name
    if name is None:
        return ""
    if workspace.selection.is_open(name):
        tip = read_ref(workspace.layout, SESSIONS + name) or ""
        begun = log(workspace.layout.common_dir, [tip], 1, "--first-parent", "--grep=^Mem-Start: ")
        return next((task_of(one.message) for one in begun), "")[:MAX_TASK]
    said = [entry.note.get("task", "") for entry in workspace.journal.entries(name) if entry.verb == "start"]
    return said[0][:MAX_TASK] if said else ""


def _heading(workspace: Workspace, asked: Question, tree: str) -> Heading:
    """What the pack says of its own making; bounded, so that a long branch or task costs no memory its place."""
    said = asked.work
    task = asked.task.strip() or asked.session_task.strip()
    words = [word for text in (task, *branch_words(said)) for word in clean(text[:400]).split()]
    return Heading(tree, format_instant(workspace.now), cut(clean(said.branch), 100), cut(clean(said.base), 60),
                   said.commits, cut(clean(task[:1000]), 160), tuple(map(clean, asked.touched[:3])),
                   tuple(word.strip(".,:;!?") for word in words[:8]))  # fmt: skip


def _limit(workspace: Workspace, budget: int | None, occasion: str | None) -> int:
    """Characters: four for a token, and never more than a hook may print where it is for one."""
    limit = (_policy_tokens(workspace) if budget is None else budget) * CHARACTERS_PER_TOKEN
    return min(limit, HOOK_LIMIT) if occasion else limit


def _policy_tokens(workspace: Workspace) -> int:
    text = file_at(workspace.layout.common_dir, workspace.tip()[1], POLICY_FILE)
    return read_policy(text)[0].pack_tokens if text else Policy().pack_tokens


def _keep(workspace: Workspace, text: str) -> bool:
    try:
        Packs(workspace.layout).keep(text.encode())
        return True
    except (OSError, MemError):
        return False
