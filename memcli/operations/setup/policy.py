"""`mem policy`: the rules in force, and changes to them as the candidate `policy`."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import POLICY_FILE, SESSIONS, store_to_read
from memcli.core.review.policy import Policy, examine_policy, read_policy
from memcli.core.review.policy_text import DEFAULT_POLICY_TEXT, set_policy_value
from memcli.core.review.private import without_private
from memcli.errors import Conflict, Refused, Usage
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.operations.writing.record import Acknowledged, RefusedText, record_entry
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state.journal import FileEdit
from memcli.store import Store
from memcli.workspace import Workspace


@dataclass(frozen=True)
class PolicyText:
    """`text` as it stands at the store's tip (the commented defaults where there is none); `blob` is None then."""

    text: str
    blob: str | None
    policy: Policy
    problems: tuple[str, ...]


@dataclass(frozen=True)
class PolicyBase:
    """What a change of the policy is based on; `blob` is None where there is no policy yet."""

    text: str
    blob: str | None


def show_policy(workspace: Workspace) -> PolicyText:
    """The policy in force."""
    blob = workspace.odb.file(workspace.store.tree_of(store_to_read(workspace.layout)[1]), POLICY_FILE)
    text = workspace.store.text(blob) if blob else DEFAULT_POLICY_TEXT
    policy, problems = read_policy(text)
    return PolicyText(text, blob, policy, tuple(problems))


def set_policy(workspace: Workspace, key: str, value: str) -> Acknowledged:
    """Propose one changed key, comments kept. Raises Usage for an unknown key or an invalid value."""
    base = policy_to_edit(workspace)
    try:
        return edit_policy(workspace, set_policy_value(base.text, key, value), base)
    except ValueError as error:
        raise Usage(str(error), "'mem policy' shows the keys and what they mean") from error


def policy_to_edit(workspace: Workspace) -> PolicyBase:
    """The text to change: what the caller's session proposes already, else what is in force."""
    drain_before_reading(workspace)
    blob = _proposed_blob(
        workspace.layout, workspace.store, workspace.selection.writable(), store_to_read(workspace.layout)[1]
    )
    return PolicyBase(workspace.store.text(blob) if blob else DEFAULT_POLICY_TEXT, blob)


def _proposed_blob(layout: Layout, store: Store, name: str | None, tip: str) -> str | None:
    """The policy's blob in an open session, else at the store's tip."""
    session = read_ref(layout, SESSIONS + name) if name else None
    return store.odb.file(store.tree_of(session or tip), POLICY_FILE)


def edit_policy(workspace: Workspace, text: str, base: PolicyBase) -> Acknowledged:
    """Propose a new policy text as the candidate `policy`.

    Raises Refused for an agent, RefusedText for an invalid policy, Conflict where it is another one now than `base`.
    """
    if workspace.config.agent:
        raise Refused("agents cannot change the policy", "ask a person to change it")
    text, _ = without_private(text)
    errors = examine_policy(text).errors
    if errors:
        raise RefusedText("; ".join(errors), "correct the policy; nothing was changed", text)
    if policy_to_edit(workspace) != base:
        raise Conflict("the policy was changed while you were writing", "compare your text with 'mem policy'")
    edit = FileEdit(POLICY_FILE, "policy", base.blob, text)
    with workspace.session_to_write() as (session, _):
        return record_entry(
            workspace, workspace.actor.entry("policy", session, [edit], {"summary": "the store's rules"})
        )
