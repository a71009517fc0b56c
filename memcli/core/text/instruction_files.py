"""The files at a repository's root that agents read at every start, and the names of rule files anywhere in it."""

from __future__ import annotations

README_NAMES = ("README.md", "README", "README.rst")
AGENT_FILES = ("AGENTS.md", "CLAUDE.md", "GEMINI.md")
PROSE_FILES = (*README_NAMES, *AGENT_FILES)
"""What agents read anyway, so that it need not be a memory."""
PROSE_NAMES = "README, AGENTS.md or CLAUDE.md"
"""How messages name them: the usual ones."""
RULE_FILES = frozenset((
    *(name.lower() for name in AGENT_FILES),
    *("agent.md", "claude.local.md", ".cursorrules", ".windsurfrules", ".clinerules", "copilot-instructions.md"),
))  # fmt: skip
"""Names in lower case of files with rules for agents, in any directory."""
