"""A pack of what was gathered: chosen within its room and rendered; `mem hydrate` prints it, a dream measures it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from memcli.branch import POLICY_FILE
from memcli.core.memory.instants import format_instant
from memcli.core.pack.frame import clean, shortened
from memcli.core.pack.plan import PackHeading, PackPlan
from memcli.core.pack.rendering import HOOK_LIMIT, assemble, render_pack
from memcli.core.review.policy import Policy, read_policy
from memcli.core.text.tokens import CHARACTERS_PER_TOKEN, utf16_length
from memcli.git.history import file_at
from memcli.git.layout import Layout
from memcli.operations.recall.pack_sections import PackContext, PackOffers, telling_words


@dataclass(frozen=True)
class Pack:
    """The plan of a pack and its text, which is empty where there is nothing to say."""

    plan: PackPlan
    text: str


def build_pack(heading: PackHeading, offers: PackOffers, limit: int) -> Pack:
    """The pack of at most `limit` characters."""
    plan = assemble(heading, offers.items, offers.texts, limit)
    return Pack(plan, render_pack(plan, offers.texts))


def pack_heading(context: PackContext, tree: str, now: datetime) -> PackHeading:
    """What a pack says of its own making; bounded, so that a long branch or task costs no memory its place."""
    work, task = context.work, context.task.strip() or context.session_task.strip()
    words = [word for text in (task, *telling_words(work)) for word in clean(text[:400]).split()]
    return PackHeading(
        tree=tree,
        at=format_instant(now),
        branch=shortened(clean(work.branch), 100),
        base=shortened(clean(work.base), 60),
        commits=work.commits,
        task=shortened(clean(task[:1000]), 160),
        paths=tuple(map(clean, context.touched[:3])),
        words=tuple(word.strip(".,:;!?") for word in words[:8]),
    )


def pack_room(tokens: int, hook: bool = False, beside: str = "") -> int:
    """The characters of a pack of so many tokens; for a hook never more than it may print with the text `beside` it."""
    room = tokens * CHARACTERS_PER_TOKEN
    return min(room, HOOK_LIMIT - utf16_length(beside) - 1) if hook else room


def policy_tokens(layout: Layout, tip: str) -> int:
    """How many tokens a pack may have by the policy at the store's tip."""
    text = file_at(layout.common_dir, tip, POLICY_FILE)
    return read_policy(text)[0].pack_tokens if text else Policy().pack_tokens
