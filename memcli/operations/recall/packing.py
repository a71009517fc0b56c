"""A pack of a view: gathered, chosen and rendered; what `mem hydrate` hands out and what a dream measures."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import POLICY_FILE
from memcli.core.memory.instants import format_instant
from memcli.core.pack.frame import clean, shortened
from memcli.core.pack.plan import PackHeading, PackPlan
from memcli.core.pack.rendering import HOOK_LIMIT, assemble, render_pack
from memcli.core.review.policy import Policy, read_policy
from memcli.core.text.tokens import CHARACTERS_PER_TOKEN, utf16_length
from memcli.git.queries import file_at
from memcli.operations.recall.pack_sections import Gathered, Question, branch_words
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Pack:
    """The plan of a pack and its text, which is empty where there is nothing to say."""

    plan: PackPlan
    text: str


def pack_of(workspace: Workspace, asked: Question, found: Gathered, tree: str, limit: int) -> Pack:
    """The pack of what was gathered from `tree`, of at most `limit` characters."""
    plan = assemble(_heading(workspace, asked, tree), found.offers, found.texts, limit)
    return Pack(plan, render_pack(plan, found.texts))


def _heading(workspace: Workspace, asked: Question, tree: str) -> PackHeading:
    """What the pack says of its own making; bounded, so that a long branch or task costs no memory its place."""
    said = asked.work
    task = asked.task.strip() or asked.session_task.strip()
    words = [word for text in (task, *branch_words(said)) for word in clean(text[:400]).split()]
    return PackHeading(
        tree,
        format_instant(workspace.now),
        shortened(clean(said.branch), 100),
        shortened(clean(said.base), 60),
        said.commits,
        shortened(clean(task[:1000]), 160),
        tuple(map(clean, asked.touched[:3])),
        tuple(word.strip(".,:;!?") for word in words[:8]),
    )


def characters(workspace: Workspace, budget: int | None, hook: bool = False, beside: str = "") -> int:
    """The room of a pack: four characters for a token (None: the policy's), for a hook never more than it may print,
    with a line that stands beside it."""
    limit = (_policy_tokens(workspace) if budget is None else budget) * CHARACTERS_PER_TOKEN
    return min(limit, HOOK_LIMIT - utf16_length(beside) - 1) if hook else limit


def _policy_tokens(workspace: Workspace) -> int:
    text = file_at(workspace.layout.common_dir, workspace.tip()[1], POLICY_FILE)
    return read_policy(text)[0].pack_tokens if text else Policy().pack_tokens
