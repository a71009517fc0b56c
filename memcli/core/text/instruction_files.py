"""Which files hold rules for agents: by their name, or by the directory that they lie in.

Invariant: a path is judged by its own words only.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

README_NAMES = ("README.md", "README", "README.rst", "readme.md", "Readme.md", "README.adoc", "README.txt")
AGENT_FILES = ("AGENTS.md", "CLAUDE.md", "GEMINI.md")
PROSE_FILES = (*README_NAMES, *AGENT_FILES)
"""What agents read anyway, so that it need not be a memory."""
PROSE_NAMES = "README, AGENTS.md or CLAUDE.md"
"""How messages name them: the usual ones."""
_UPPER_CASE_FILES = frozenset((
    *(name.lower() for name in AGENT_FILES),
    *("agent.md", "agents.override.md", "claude.local.md", "qwen.md", "warp.md", "crush.md"),
))  # fmt: skip
"""Names in lower case of files that tools write in capitals: elsewhere than at the root `docs/agents.md` is a page."""
_ROOT_FILES = frozenset((".rules", "conventions.md", "replit.md"))
"""Names in lower case that mean rules only at the root of a repository."""
RULE_FILES = _UPPER_CASE_FILES | _ROOT_FILES | frozenset((
    *(".cursorrules", ".windsurfrules", ".clinerules", ".roorules", ".goosehints", ".augment-guidelines"),
    *("copilot-instructions.md", ".junie.md"),
))  # fmt: skip
"""Names in lower case of files with rules for agents."""
_RULE_DIRECTORIES = re.compile(
    r"(?:^|/)(?:\.(?:cursor|claude|windsurf|amazonq|aiassistant|trae|augment|continue|kilocode|qoder|agents?)/rules|"
    r"\.ai/rules|\.roo/rules(?:-[\w-]+)?|\.github/instructions|\.kiro/steering|\.clinerules|\.junie)/(?:.*/)?(?=[^/]+$)"
)
"""Directories of such files, in lower case, anywhere in a repository."""
_NO_RULES = r"(?:^|/)(?:workflows|hooks|skills|commands|memory|plans|tasks|specs|prompts)/"
"""Directories in these for other things than rules."""
_SUFFIXES = (".md", ".mdc", ".markdown", ".txt")


def has_agent_rules(path: str) -> bool:
    """Whether a path is a file of rules for agents, by its name or a directory above it."""
    return _is_rule_name(PurePosixPath(path)) or is_in_rule_directory(path)


def is_in_rule_directory(path: str) -> bool:
    """Whether a file lies in a directory of rules, where each file is about one subject."""
    found = _RULE_DIRECTORIES.search(path.lower())
    return found is not None and path.lower().endswith(_SUFFIXES) and not re.search(_NO_RULES, found[0].lower())


def governed_directory(path: str) -> str:
    """The directory that a file of rules is for; '' for the whole repository.

    That is its own directory; for a file below `.cursor`, `.github` and the like, the directory that they lie in.
    """
    parts = PurePosixPath(path).parts[:-1]
    visible = next((n for n, part in enumerate(parts) if part.startswith(".")), len(parts))
    return "/".join(parts[:visible])


def _is_rule_name(file: PurePosixPath) -> bool:
    name, is_at_root = file.name.lower(), len(file.parts) == 1
    if name in _ROOT_FILES:
        return is_at_root
    if name in _UPPER_CASE_FILES:
        return is_at_root or file.stem.isupper() or file.parts[-2].startswith(".") or file.name == "CLAUDE.local.md"
    return name in RULE_FILES
