"""`mem policy`: the rules in force, and changes to them as the candidate `policy`."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.branch import POLICY_FILE, store_to_read
from memcli.core.review.policy import Policy, examine_policy, read_policy
from memcli.core.review.policy_text import DEFAULT_POLICY_TEXT, set_policy_value
from memcli.core.review.private import without_private
from memcli.errors import Refused, Usage
from memcli.operations.writing.record import Acknowledged, record_entry
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state.journal import FileEdit
from memcli.workspace import Workspace


@dataclass(frozen=True)
class PolicyText:
    """`text` as it stands at the store's tip (the commented defaults where there is none); `blob` is None then."""

    text: str
    blob: str | None
    policy: Policy
    problems: tuple[str, ...]


def show_policy(workspace: Workspace) -> PolicyText:
    """The policy in force."""
    blob = workspace.odb.file(workspace.store.tree_of(store_to_read(workspace.layout)[1]), POLICY_FILE)
    text = workspace.store.text(blob) if blob else DEFAULT_POLICY_TEXT
    policy, problems = read_policy(text)
    return PolicyText(text, blob, policy, tuple(problems))


def set_policy(workspace: Workspace, key: str, value: str) -> Acknowledged:
    """Propose one changed key, comments kept. Raises Usage for an unknown key or an impossible value."""
    try:
        return edit_policy(workspace, set_policy_value(editable(workspace), key, value))
    except ValueError as error:
        raise Usage(str(error), "'mem policy' shows the keys and what they mean") from error


def editable(workspace: Workspace) -> str:
    """The text to change: what the caller's session proposes already, else what is in force."""
    blob = _proposed_blob(workspace)
    return workspace.store.text(blob) if blob else show_policy(workspace).text


def _proposed_blob(workspace: Workspace) -> str | None:
    """The policy's blob in the caller's open session, else at the store's tip."""
    drain_before_reading(workspace)
    name = workspace.selection.writable()
    if name is None or not workspace.selection.is_open(name):
        return show_policy(workspace).blob
    tree = workspace.store.tree_of(workspace.sessions.load(name).tip)
    return workspace.odb.file(tree, POLICY_FILE)


def edit_policy(workspace: Workspace, text: str) -> Acknowledged:
    """Propose a new policy text as the candidate `policy`. Raises Refused for an agent or an invalid policy."""
    if workspace.config.agent:
        raise Refused("the policy is for persons only", "ask a person to change it")
    text, _ = without_private(text)
    errors = examine_policy(text).errors
    if errors:
        raise Refused("; ".join(errors), "correct the policy; nothing was changed")
    edit = FileEdit(POLICY_FILE, "policy", _proposed_blob(workspace), text)
    with workspace.session_to_write() as (session, _):
        return record_entry(
            workspace, workspace.actor.entry("policy", session, [edit], {"summary": "the store's rules"})
        )
