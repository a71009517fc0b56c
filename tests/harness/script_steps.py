"""What the model does in the scripted conversations, and the sentences by which its texts are known again."""

from __future__ import annotations

from typing import Any

Step = dict[str, Any]
PATH = "src/payments.py"
KNOWN = "Settlement files must be written before noon."
"""A memory of the store; every pack has it."""
CONSTRAINT = "The payment limit must never exceed nine."
"""A constraint of the store about PATH."""
VARIABLES = "env | grep -E '^(MEM|CLAUDE|CODEX|GEMINI|COPILOT|OPENCODE)' | sort"
DONE: Step = {"text": "finished"}


def add(text: str, *options: str) -> str:
    """The command with which an agent adds a memory; it prints `add=` and the exit code."""
    return f"mem add '{text}' {' '.join(options)}; echo add=$?"


TASK: list[Step] = [
    {"read": PATH},
    {"edit": [PATH, "LIMIT = 5", "LIMIT = 6"]},
    {
        "shell": f"{VARIABLES}; {add('The gateway drops events older than 3 days.', '--path', PATH)}; "
        "mem promote --yes; echo promote=$?; git commit -qam 'Raise the limit to 6'; echo commit=$?"
    },
    DONE,
]
RESUMED: list[Step] = [{"shell": add("Refunds are paid by the evening batch.")}, DONE]
FORKED: list[Step] = [{"shell": add("Invoices are numbered per country.")}, DONE]
HELPED = ".git/helped"
"""A file that the sub-agent makes, because some harnesses do not wait for it."""
HELPER: list[Step] = [{"shell": f"{add('The ledger table has no index.')}; touch {HELPED}"}, DONE]
KILLED: list[Step] = [{"shell": add("The bank closes at 17:00.")}, {"hang": 60, **DONE}]
NEXT: list[Step] = [DONE]


def delegated(helper: str) -> list[Step]:
    """The steps of an agent that leaves everything to a sub-agent with a script of its own."""
    awaited = f"for attempt in $(seq 100); do [ -e {HELPED} ] && break; sleep 0.1; done"
    return [{"task": f"Look around. SCRIPT:{helper}"}, {"shell": awaited}, DONE]
