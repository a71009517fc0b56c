"""The policy of review as the store has it at a commit."""

from __future__ import annotations

from memcli.branch import POLICY_FILE
from memcli.core.review.policy import Policy, read_policy
from memcli.store import Store


def load_policy(store: Store, tip: str) -> tuple[Policy, list[str]]:
    """The policy at a commit of the store, and what is wrong with it."""
    return read_policy(store.text(store.odb.file(store.tree_of(tip), POLICY_FILE)))
