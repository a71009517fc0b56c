"""The files at a repository's root that agents read at every start, and the names of rule files anywhere in it."""

from __future__ import annotations

from pathlib import PurePosixPath

README_NAMES = ("README.md", "README", "README.rst", "readme.md", "Readme.md", "README.adoc", "README.txt")
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
RULE_DIRECTORIES = (
    *((".cursor", "rules"), (".claude", "rules"), (".windsurf", "rules"), (".github", "instructions")),
    *((".kiro", "steering"), (".clinerules",), (".junie",)),
)
"""Directories of such files, anywhere in a repository."""


def has_agent_rules(path: str) -> bool:
    """Whether a path is a file of rules for agents, by its name or a directory above it."""
    file = PurePosixPath(path.lower())
    parents = file.parts[:-1]
    within = (parents[n : n + len(names)] == names for names in RULE_DIRECTORIES for n in range(len(parents)))
    return file.name in RULE_FILES or any(within)
