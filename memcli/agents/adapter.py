"""What differs between harnesses: an `Adapter` holds everything that `mem` knows of one.

An adapter is a class of constants and not a dataclass: every hook imports one, and `dataclasses` would add a quarter to
the time of a hook that only records (5 ms to 22 ms).
Paths are patterns: `{tree}` is the worktree, `{home}` and `{config}` are the user's, `{own}` is the harness's directory
in the home.
"""

from __future__ import annotations

from memcli.agents.events import MENTION, PROMPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from memcli.agents.trust import HookFile, Read, Trust

MOST_ID = 200
"""Characters of a session id that are read."""
SOURCES = ("startup", "resume", "clear", "compact", "fork")
"""Why a harness says that a session starts."""


class Adapter:
    """One harness. Attributes cannot be set."""

    # Names
    name: str
    """The word in `mem hook NAME EVENT` and `--agent NAME`; also the module's name."""
    agent: str
    """The agent's name in sessions, trailers and the journal."""
    title: str
    """The vendor's name for it."""

    # Environment. The variables that tell that a harness runs us are in the registry.
    session_variables: tuple[str, ...] = ()
    """Variables that hold its session id, the first that is set counts."""
    export_variable: str = ""
    """A variable with the path of a shell file whose exports reach every command of the session."""
    home_variable: str = ""
    """A variable that moves the directory `{own}`."""

    # Processes
    program: str = ""
    """Its program, also where its package runs it with an interpreter."""
    daemon_words: tuple[str, ...] = ()
    """Arguments with which that program is a daemon: it runs agents of several windows and outlives them."""

    runs_git_hooks: bool = True
    """Whether git's hooks run for the commits that are made in its shell."""

    # Presence on this machine
    directory: str = ""
    """Its directory in a project and in a home; in the home it is `{own}`."""

    # Hooks
    hook_files: Mapping[str, str] = {}
    """Scope (`local`, `project`, `user`) → the file with its hooks."""
    hook_events: tuple[tuple[str, str, int], ...] = ()
    """(its event, that of `agents.events`, timeout in its own unit) of everything that is installed; of the two events
    at a prompt only one is."""
    matchers: Mapping[str, str] = {}
    """Our event → the tools at which its own event is ours."""
    root_members: Mapping[str, object] = {}
    """Members that the hook file needs beside `hooks`."""
    owns_hook_file: bool = False
    """Whether the hook file is ours alone, written and deleted as a whole."""
    plugin_template: str = ""
    """The template of a plugin that calls `mem hook`, for a harness whose hooks are code."""
    launcher_line: str = ""
    """The line of that template that holds the program, with `{}` for its path as a JSON string."""
    plugin_marks: tuple[tuple[str, str], ...] = ()
    """(file, regular expression that is found in it while our plugin is enabled): it brings hooks of its own."""

    # Files beside the hooks
    skill_directories: Mapping[str, str] = {"project": "{tree}/.agents/skills", "user": "{home}/.agents/skills"}
    instruction_files: tuple[str, ...] = ("AGENTS.md",)
    """Files that it reads at every start: the first gets the block, the others import the first."""
    project_files: tuple[tuple[str, str], ...] = ()
    """(path, template) of files that go with project hooks."""
    default_reader: bool = False
    """Whether `--skill` and `--instructions` write its files when no harness is named."""

    # Tools
    mcp_setup: str = ""
    """What adds `mem mcp` to it: a command, or a file and what goes there."""
    mcp_client: str = ""
    """The name that it gives itself there."""

    # Payloads
    session_fields: tuple[str, ...] = ("session_id",)
    changes_ids: bool = False
    """Whether one process may go on under another id without a start that tells it (a fork)."""
    subject_fields: tuple[str, ...] = ("prompt",)
    """Members of any event that tell what the session is about."""
    directory_fields: tuple[str, ...] = ("cwd",)
    edited_fields: tuple[str, ...] = ("file_path",)
    """Members of `tool_input` that name the file that is read or edited."""
    subagent_fields: tuple[str, ...] = ("agent_id",)
    """Fields with the id of a sub-agent, in events about one."""
    second_callers: tuple[tuple[str, str, str], ...] = ()
    """(another harness that runs these hooks too, the variable and the payload field by which it is known)."""

    # Answers
    answer_events: Mapping[str, str] = {}
    """Our event → `hookEventName` of an answer in Claude Code's shape."""
    answer_fields: Mapping[str, str] = {}
    """Our event → the one field of a flat answer."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an adapter is read-only: {name}")

    def entries(self, command: Callable[[str], str], recall: bool) -> list[tuple[str, dict[str, Any]]]:
        """(its event, entry) of everything to install; `command` gives the command line for an event of ours."""
        return [
            (event, self.entry(ours, command(ours), timeout))
            for event, ours, timeout in self.hook_events
            if ours != (MENTION if recall else PROMPT)
        ]

    def entry(self, event: str, command: str, timeout: int) -> dict[str, Any]:
        """What the list of one of its events gets: a group with one handler."""
        return {"hooks": [{"type": "command", "command": command, "timeout": timeout}]}

    def session_id(self, payload: Mapping[str, object]) -> str:
        """Its own id of the session; `` where the payload has none."""
        return _first_text(payload, self.session_fields)[:MOST_ID]

    def working_directory(self, payload: Mapping[str, object]) -> str:
        """The directory that an event is about, the first of a list; `` where the payload has none."""
        for field in self.directory_fields:
            value = payload.get(field)
            first = value[0] if isinstance(value, list) and value else value
            if text := _text(first):
                return text
        return ""

    def edited_path(self, payload: Mapping[str, object]) -> str:
        """The file that is read or edited; `` where the payload has none."""
        return _first_text(_tool_input(payload), self.edited_fields)

    def delegated_task(self, payload: Mapping[str, object]) -> str:
        """What a sub-agent is asked to do; `` where the payload has none."""
        return self.prompt(_tool_input(payload))

    def subagent_id(self, payload: Mapping[str, object]) -> str:
        """The id of the sub-agent that an event is about; `` for the agent itself."""
        return _first_text(payload, self.subagent_fields)[:MOST_ID]

    def prompt(self, payload: Mapping[str, object]) -> str:
        """What the user asks, without packs that a harness put into it; `` where the payload has none."""
        return _without_packs(_text(payload.get("prompt")))

    def subject(self, payload: Mapping[str, object]) -> str:
        """The text that tells what the session is about; `` where the payload has none."""
        return _without_packs(_first_text(payload, self.subject_fields))

    def start_source(self, payload: Mapping[str, object]) -> str:
        """Why a session starts, one of `SOURCES`; `start` for anything else."""
        source = payload.get("source")
        return source if isinstance(source, str) and source in SOURCES else "start"

    def trust(self, hooks: HookFile, read: Read) -> Trust:
        """Whether it runs the hooks in a file, as its own files say. Raises `trust.Unreadable`."""
        from memcli.agents.trust import TRUSTED, Trust

        return Trust(TRUSTED)

    def notes_about(self, project: str) -> str:
        """The pattern of the directory in the home with its own notes about a project; `` for a harness without."""
        return ""

    def takes_text(self, event: str) -> bool:
        """Whether the harness passes a text on to its agent at this event."""
        return event in self.answer_events or event in self.answer_fields

    def answer(self, event: str, text: str) -> dict[str, object]:
        """The JSON object to print; empty where there is no text, or no field for it."""
        if text and event in self.answer_events:
            return {"hookSpecificOutput": {"hookEventName": self.answer_events[event], "additionalContext": text}}
        return {self.answer_fields[event]: text} if text and event in self.answer_fields else {}


def _tool_input(payload: Mapping[str, object]) -> Mapping[str, object]:
    """What a tool is given: the member `tool_input`, or the payload itself."""
    tool_input = payload.get("tool_input")
    return tool_input if isinstance(tool_input, dict) else payload


def _without_packs(text: str) -> str:
    from memcli.core.pack.frame import strip_packs  # few events have such a text

    return strip_packs(text, torn=False)


def _first_text(payload: Mapping[str, object], fields: tuple[str, ...]) -> str:
    return next((text for field in fields if (text := _text(payload.get(field)))), "")


def _text(value: object) -> str:
    """A string as text that can be written as UTF-8; `` for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
