"""The table of commands: what `mem --help` and `mem help plumbing` list, and other programs' words for our commands.

Each command has the module of its name in `memcli.cli.commands`. The list is printed without importing any of them, so
what a command does stands here too, as in the first line of its help; a test compares the two.
"""

from __future__ import annotations

from typing import NamedTuple


class Panel(NamedTuple):
    """A titled part of the list: command → what it does, in at most 66 characters."""

    title: str
    commands: dict[str, str]


MAIN = (
    Panel(
        "Start",
        {
            "init": "Set up memory in this repository, or adopt its remote's",
            "bootstrap": "Propose memories from what the repository already knows",
            "hooks": "Install and check git and agent hooks",
        },
    ),
    Panel(
        "Write",
        {
            "add": "Add a memory as a candidate in your session",
            "edit": "Change a memory, with options or in your editor",
            "resolve": "List open questions, or answer one",
        },
    ),
    Panel(
        "Decide",
        {
            "ui": "Decide what waits on one screen of the terminal",
            "review": "Show what waits for review, as a pull request page",
            "promote": "Merge a session's reviewed candidates into the store",
            "reject": "Reject candidates so that they are not proposed again",
        },
    ),
    Panel(
        "Find",
        {
            "recall": "Find the memories that answer a question, best first",
            "show": "Show a memory's front matter and body",
            "list": "List memories, most recently modified first",
            "report": "Write one HTML file that shows the whole store",
        },
    ),
    Panel(
        "Maintain",
        {
            "dream": "Propose a consolidation of recent changes as a session",
            "undo": "Undo your last operation, or a named one",
        },
    ),
)
"""What `mem --help` lists: what people use daily, at most 16 commands."""
PLUMBING = (
    Panel(
        "Memories",
        {
            "retire": "Mark a memory as no longer in use",
            "supersede": "Replace a memory with a new one",
            "verify": "Confirm memories against the committed code",
            "path": "Print the path of a memory's file",
        },
    ),
    Panel(
        "Other tools",
        {
            "import": "Propose memories from files, an archive or stdin",
            "export": "Write memories in the format of another tool",
        },
    ),
    Panel(
        "Sessions",
        {
            "session": "Start, inspect, save and close sessions",
            "check": "Run the review checks without promoting, for CI",
            "curate": "Let an external command distil, review or rewrite memories",
        },
    ),
    Panel(
        "Context for agents",
        {
            "hydrate": "Print a context pack for an agent",
            "replay": "Print an earlier context pack again, byte for byte",
            "mcp": "Serve memory to an agent over the Model Context Protocol",
            "index": "Inspect, update, rebuild or verify the search index",
        },
    ),
    Panel(
        "State and history",
        {
            "status": "Show the state of the store, your session and the index",
            "log": "Show what entered the store, promotion by promotion",
            "diff": "Show the memories that differ between two commits",
            "why": "Show where a memory or a line of code comes from",
            "op": "List operations, for 'mem undo'",
            "stats": "Count proposals, decisions, questions, reads and dreams",
        },
    ),
    Panel(
        "Setup",
        {
            "policy": "Show or change the store's rules",
            "exclude": "Keep code paths out of memory",
            "doctor": "Diagnose the setup and suggest fixes",
            "uninstall": "Remove mem from this repository",
            "demo": "Run an end-to-end tour in a scratch clone",
            "completion": "Print a script that completes mem in bash, zsh or fish",
            "help": "Show the help of a command, or of a topic",
        },
    ),
)
"""What `mem help plumbing` lists: all other commands."""
COMMANDS: dict[str, str] = {name: summary for panel in (*MAIN, *PLUMBING) for name, summary in panel.commands.items()}
"""Command → what it does."""
HIDDEN = ("complete", "inbox", "version")
"""What only the scripts of `mem completion` call, and other names of `mem` alone and `mem --version`."""

_WORDS_FOR = {
    "init": "setup",
    "add": "new remember write learn note",
    "edit": "update modify",
    "retire": "rm remove delete forget archive",
    "supersede": "replace",
    "resolve": "questions conflicts answer",
    "promote": "merge accept approve",
    "reject": "discard decline",
    "recall": "search find query ask grep",
    "show": "get cat view open",
    "list": "ls",
    "hydrate": "context pack prime",
    "status": "st",
    "log": "history",
    "why": "blame",
    "dream": "consolidate tidy",
    "check": "lint validate",
    "session list": "sessions",
    "ui": "tui",
}
SYNONYMS: dict[str, str] = {word: command for command, words in _WORDS_FOR.items() for word in words.split()}
"""Other programs' word for a command → the command that runs instead; in no list, but in docs/cli.md."""
