"""opencode. Its hooks are code: a plugin of ours passes its events to `mem hook opencode EVENT`."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.events import (
    MENTION,
    PRE_COMPACT,
    PRE_EDIT,
    SAVE,
    SESSION_END,
    SESSION_START,
    STOP,
    SUBAGENT_START,
)


class OpenCode(Adapter):
    """The plugin holds the events and their timeout; the table below says which. It also names the
    session to the commands of the agent's shell (`shell.env`); a sub-agent's session counts as the main one."""

    name, agent, title = "opencode", "opencode", "opencode"
    session_variables = ("OPENCODE_SESSION_ID",)
    program, directory = "opencode", ".opencode"
    hook_files = {"project": "{tree}/.opencode/plugins/memcli.js", "user": "{config}/opencode/plugins/memcli.js"}
    hook_events = (
        ("chat.message", SESSION_START, 10_000),  # the first of a session
        ("chat.message", SUBAGENT_START, 10_000),  # the first of a sub-agent
        ("chat.message", MENTION, 10_000),
        ("tool.execute.after", PRE_EDIT, 10_000),  # of the tool `read`
        ("tool.execute.after", SAVE, 10_000),  # once a minute at most
        ("experimental.session.compacting", PRE_COMPACT, 10_000),
        ("session.idle", STOP, 10_000),
        ("dispose", SESSION_END, 10_000),  # and `session.deleted`, if that comes first
    )
    owns_hook_file = True
    plugin_marks = tuple(
        (file, r'"plugin"\s*:\s*\[[^\]]*"[^"]*(memcli-opencode|plugins/opencode)[^"]*"')
        for file in ("{tree}/opencode.json", "{tree}/.opencode/opencode.json", "{config}/opencode/opencode.json")
    )
    plugin_template = "opencode.js"
    launcher_line = "const MEM = {}"
    mcp_setup = 'opencode.json:\n{"mcp": {"mem": {"type": "local", "command": ["mem", "mcp"]}}}'
    mcp_client = "opencode"
    session_fields = ("sessionID",)
    directory_fields = ("directory", "worktree")
    edited_fields = ("filePath",)
    answer_fields = dict.fromkeys((SESSION_START, SUBAGENT_START, MENTION, PRE_EDIT, PRE_COMPACT), "context")


ADAPTER = OpenCode()
