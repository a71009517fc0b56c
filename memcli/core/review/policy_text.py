"""The text of policy.yaml: the one that a new store gets, and edits that keep its comments, through ruamel.yaml."""

from __future__ import annotations

import re
from io import StringIO

from memcli.core.finding import BLOCK
from memcli.core.review.checks.check_registry import BY_NAME, FIXED
from memcli.core.review.policy import examine_policy, top_level_items
from memcli.core.review.policy_keys import POLICY_KEYS, TABLES

DEFAULT_POLICY_TEXT = f"""\
# The rules of this memory store. The version at the tip of mem/main is in force.
# Edit with `mem policy edit`: the change awaits review as the candidate `policy`; only people can approve it.

# Who may promote an agent's session: person, reviewer (the command in git config mem.reviewer, run when the session
# has ended) or auto (the checks alone). Always for a person: topics with owners, stronger evidence that is superseded
# or retired, and warnings.
promote: person

# Severity of single checks: block, warn (a person looks) or info. For example  near-duplicate: info
# Fixed: {", ".join(FIXED)}.
checks: {{}}

# Not in force yet: mem does not merge from remotes so far.
# Refuse to merge fetched commits that are not signed by one of git config mem.allowedSigners.
require_signed: false

# When `mem dream --auto` runs, and the percentage of active memories that a dream may retire without --force.
dream:
  every: 24h
  sessions: 5
  max_retire_percent: 20

# The size of the context pack that `mem hydrate` prints, in tokens of four characters.
pack:
  tokens: 2000

# A session with more candidates than this gets a warning.
session:
  max_candidates: 500

# Who answers for a topic. For example  payments: [ada@example.org]
# With `promote: reviewer` or `auto`, an agent's changes to these topics still wait for a person.
owners: {{}}

# How long a dream keeps a superseded memory before it retires it: 365d, or never.
retention:
  superseded: never

# Not in force yet. Names of agents whose memories deserve a second look.
agents:
  deprecated: []
"""


def set_policy_value(text: str, key: str, value: str) -> str:
    """The text with one key set (`promote`, `dream.every`, `checks.near-duplicate`, `owners.payments`), comments kept.

    `value` is what stands behind the colon (`auto`, `36h`, `[ada@example.org]`). Raises ValueError where the key is
    unknown or the result is not a valid policy.
    """
    section, _, name = key.partition(".")
    if key not in POLICY_KEYS and not (section in TABLES and name):
        raise ValueError(f"a policy has no key '{key[:60]}'; its keys are {', '.join(POLICY_KEYS)}")
    if section == "checks":
        _require_settable(name, value)
    top_level_items(text)  # refuses anchors, tags and depth before ruamel composes them
    edited = _round_trip(text, section, name, value)
    before, after = examine_policy(text), examine_policy(edited)
    problems = [*after.errors, *(note for note in after.notes if note not in before.notes)]
    if problems:
        raise ValueError("; ".join(re.sub(r"^line \d+: ", "", problem) for problem in problems))
    return edited


def _require_settable(check: str, severity: str) -> None:
    """Raise ValueError for a check whose severity cannot be set."""
    if check in FIXED and severity != BLOCK:
        raise ValueError(f"'{check}' always blocks; its severity cannot be changed")
    if check and check not in BY_NAME:
        raise ValueError(f"unknown check '{check[:60]}'")


def _round_trip(text: str, section: str, name: str, value: str) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        data, new = yaml.load(text), yaml.load(value)
    except YAMLError as error:
        raise ValueError(f"{value[:60]!r} is not a YAML value") from error
    data = CommentedMap() if data is None else data
    if not name:
        data[section] = new
    elif isinstance(data.get(section), CommentedMap):
        data[section][name] = new
    else:
        data[section] = CommentedMap({name: new})
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
