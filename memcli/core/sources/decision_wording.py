"""How messages of commits are worded that record a decision or undo one, and those that record neither."""

from __future__ import annotations

import re

from memcli.core.sources.passage_text import word_list

ROUTINE = (
    r"(?i)^(?:merge\b|bump\b|release\b|prepare (?:for )?(?:the )?(?:next )?release|"
    r"update (?:dependency|dependencies|deps|changelog|translations|lockfile|\S+ (?:to|from) v?\d|module \S+ to)|"
    r"upgrade \S+ (?:to|from) v?\d|version \d|v?\d+\.\d+|"
    r"(?:chore|build|fix|ci|deps)\((?:deps|deps-dev|release|main|version)\)|chore: (?:release|bump|update deps)|wip\b|"
    r"automat(?:ic|ed) |\[bot\]|\[ci skip\]|sync\b|roll \S+ from|fixup!|squash!|amend!|initial commit|"
    r"revert \"?(?:merge|revert)\b|pre-commit\.ci|weblate|translated using|backport\b|cherry[- ]pick)"
)
BOTS = (
    r"(?im)^(?:signed-off-by|co-authored-by|author):.*(?:\[bot\]|dependabot|renovate|greenkeeper|snyk-bot|github-actions|"
    r"pre-commit-ci)"
)
BOT = r"(?i)\[bot\]|^(?:dependabot|renovate|greenkeeper|github-actions?|snyk-bot|pre-commit-ci)\b|[ -]bot$"
PREFIX = r"(?:\[[^\]]{1,30}\] ?|[\w./-]{1,60}(?:\([^)]{0,60}\))?!?: |#\d{1,9} ){0,5}"
CHANGE_OF_COURSE = re.compile(
    rf"(?i){PREFIX}(?:decid(?:e|ed|es)\b|switch(?:ed|es|ing)?(?: \S+){{0,6}} to\b|"
    r"replac(?:e|ed|es|ing)(?: \S+){1,8} (?:with|by)\b|migrat(?:e|ed|es|ing)(?: \S+){0,6} to\b|"
    r"mov(?:e|ed|es|ing) (?:away from|off|from \S+ to)\b|"
    r"drop(?:s|ped|ping)? (?:support|\S+ support|\S+(?: \S+)?(?: \(#\d+\))?$)|"
    r"(?:remove|stop|end)(?:s|d|ped)? (?:support\w*|using|\S+(?: \S+)? support)\b|"
    r"deprecat(?:e|ed|es)\b|standardi[sz]e on\b|no longer\b|abandon|give up\b|"
    r"prefer \S+(?: \S+){0,5} over\b|"
    r"(?:use|prefer|require) \S+(?: \S+){0,5} (?:for all|instead of|rather than|in favou?r of)\b)"
)
REASON = (
    r"(?i)\b(?:because|since|so that|in order to|due to|the reason|reasons?|which means|otherwise|to avoid|"
    r"trade-?off|we decided|we chose|rationale|motivation|causes?|caused|breaks?|broke|broken|fails?|failing|"
    r"too (?:slow|many|much|hard|complex\w*)|not needed|unmaintained|regress\w*|problem\w*|as (?:it|they|we|this))\b"
)
DECIDED = (
    r"(?i)\bwe(?:'ve| have)? (?:decided|agreed)\b(?! (?:that )?(?:not )?to (?:check|test|skip|split|wait|postpone))|"
    r"\bdecision:|\bit was (?:decided|agreed)\b|\bADR[- ]?\d+"
)
MOST_WORDS = 100
"""Of a message whose decision stands in its body: a longer one tells of many things."""
MINOR_WORDS = word_list(
    """
    guide guides typo typos wording heading headings section example examples comment comments readme changelog doc docs
    documentation test tests spec specs require requires workaround extra unused stale unnecessary fix fixes fixed
    warning warnings message devcontainer snapshot rubocop cop lint lints linted linter linters linting
    """
)
MINOR_START = (
    r"(?i)^(?:fix|bug-?fix|hotfix|test|docs?|style|lint|typo|format|chore|ci|devops|nit|correct|clean-?up|tweak|repair)"
    r"(?:e[sd]|s|ed|ing)?\b"
)
ONE_FUNCTION = r"(?i)\b(?:drop|stop|use|using|remove|replace)\b.*\(\)"
PATCH_RELEASE = r"\b\d+\.\d+\.\d+\b"
CODE_NAME = (
    r"\b[a-z][a-z0-9]*_\w+|\b[A-Z0-9]+_[A-Z0-9_]+\b|::|\w<[A-Z]|\b[a-z]{2,}[A-Z][a-z]|`(?:[A-Z][a-z0-9]+){2,}`|"
    r"`[^`\n]*[a-z_]\.[a-z_][^`\n]*`"
)
"""A subject that names functions, fields and types tells how the code is written, not what binds later work."""
DETAILS = (MINOR_START, ONE_FUNCTION, PATCH_RELEASE, CODE_NAME)
ONLY_CODE = r"(?i)(?:refactor\w*|style|perf|clean-?up|rework\w*)\b"
ENDS_SUPPORT = re.compile(
    rf"(?i){PREFIX}(?:deprecat(?:e|ed|es)\b|(?:drop|remove|stop|end)(?:s|ped|d|ing)? (?:\S+ ){{0,2}}support)"
)
"""What users have relied on ends: a decision whatever files it changes."""
PASSING = (
    r"(?i)\b(?:temporar\w+|for now|debug\w*|wip|test(?:s|ing)?|docs?|readme|changelog|ci|typos?|lint\w*|releas\w+|"
    r"version|translations?|snapshots?|flaky|style|format\w*|bump\w*|update[sd]?|upgrade[sd]?)\b"
)
"""Of what was undone: it was not meant to stay, or says nothing about how the code works."""
PROVISIONAL = (
    r"(?i)\b(?:for now|now that|safe to|until (?:we|the|it|then|a)|temporar\w+|no effect|"
    r"will (?:re-?land|redo|re-?apply))\b"
)
"""Reasons that say that an attempt is not over, or that it is no longer needed."""
MOST_ITEMS = 4
"""Items of a message that lists what was done step by step."""
DECIDED_WORDS = 25
"""Of a message whose only sign of a decision is that it says so."""
UNNAMED = r"(?i)(?:(?:commits? |prs? )?(?:#?\d+|[0-9a-f]{6,40})\b.*|.{0,8}|(?:the )?(?:last|previous|recent) .*)"
REPAIRS = (
    r"(?i)\b(?:could panic|panics|segfaults?|(?:fix(?:es)?|address(?:es)?) (?:a|the|this) (?:\w+ )?(?:regression|bug|"
    r"crash|race|issue|failure)|failed with|fails? to \w+ with|"
    r"(?:test|CI|job) (?:is |was )?(?:failing|fails|failed|flaky))\b"
)
