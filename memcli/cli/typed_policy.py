"""The policy as a person writes it in their editor."""

from __future__ import annotations

from memcli.cli.editor import EditorPage, text_from_editor
from memcli.cli.options import Call
from memcli.operations.setup.policy import edit_policy, policy_to_edit
from memcli.operations.writing.kept_drafts import find_draft
from memcli.operations.writing.record import Acknowledged

_EXPLANATION = (
    "# ---- mem policy edit: these lines are removed; all other comments stay ----",
    "# Above: the rules of the store. Save an empty text to abort; what you change awaits review.",
)


def policy_from_editor(call: Call, draft: str | None) -> Acknowledged | None:
    """Propose the policy as the user's editor leaves it, or as a draft of that name has it; None where it is as before.

    Raises Conflict where it was changed while the editor was open; a draft is a change of the policy as it is now.
    """
    base = policy_to_edit(call.workspace)
    kept = find_draft(call.workspace, "policy", draft) if draft else None
    page = EditorPage("policy", base.text, _EXPLANATION, "use 'mem policy set KEY VALUE'")
    with text_from_editor(call, page, kept) as text:
        return edit_policy(call.workspace, text, base) if text != base.text else None
