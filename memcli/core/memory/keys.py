"""The table of front matter keys: one row per key, in the order in which new files have them.

A row says how values are read and written, how two versions are merged, who sets the key, and which column of the index
mirrors it. `schema`, `memory`, `merge.fields`, the index's table and docs/format.md are derived from the rows. A new
key is one row here, its field in `Memory` (in `MemorySummary` too, if readers of the index need it), and the code that
uses it.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, NamedTuple

from memcli.core.memory import key_types
from memcli.core.memory.key_types import EVIDENCE, KINDS, MAX_TITLE, STATUSES, TYPES, KeyType

KEEP_BOTH, UNION, LATER, EARLIER = "both kept", "union", "the later", "the earlier"
FURTHER = "the later of active, superseded, retired, withdrawn"
LATER_SIDE, EITHER, BY_PART, COMPUTED = "that of the later side", "true if either is", "part by part", "computed"
AUTHORSHIP = "those of the later side, together"
QUESTIONS, ANSWERS = "all questions, one of each subject", "all answers"
RETIREMENT, TIMELINE = "the earlier; both kept if the reasons differ", "that of the later side; without a key both kept"
"""Merge rules: which value stands where both sides changed it, each a function of `merge.fields`."""
ANYONE, PERSONS, MEM = "anyone", "persons", "mem"
"""Who sets a key. In a new memory, `persons`: an agent's value is refused; `mem`: an author's value is ignored."""
_TEXT, _REQUIRED, _FLAG = "TEXT", "TEXT NOT NULL", "INTEGER NOT NULL"
"""How columns of the index are declared."""


class Key(NamedTuple):
    """One key; `source.ref` is a part of `source`.

    `type` is None where the value is not read into a `Memory`; `value` and `meaning` are markdown for docs/format.md;
    `column` declares the column of the index that mirrors the key, named like it or its last part.
    """

    name: str
    type: KeyType | None
    value: str
    meaning: str
    merge: str = KEEP_BOTH
    setter: str = ANYONE
    column: str = ""
    required: bool = False

    @property
    def column_name(self) -> str:
        return self.name.rpartition(".")[2]

    def of(self, memory: object) -> Any:
        """The typed value in a memory."""
        return attrgetter(self.name)(memory)


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


_TIME = "date (00:00 UTC) or RFC 3339"
KEYS = (
    Key("id", key_types.ID, "ULID", "given once", setter=MEM, column=_REQUIRED, required=True),
    Key("title", key_types.TITLE, f"one line, at most {MAX_TITLE} characters",
        "default: the first heading or sentence; one that is that follows the body", column=_REQUIRED, required=True),
    Key("kind", key_types.KIND, _words(KINDS), "follows from the type; names the directory of a new file",
        column=_REQUIRED),
    Key("type", key_types.TYPE, _words(TYPES), "other words are kept, with a finding", column=_REQUIRED),
    Key("topic", key_types.TOPIC_NAME, "lower-case words joined by `-`", "names the directory of a new file",
        column=_REQUIRED),
    Key("key", key_types.TIMELINE_KEY, "1 to 200 of `A-Z a-z 0-9 . _ / -`", "the memories of one key are a timeline",
        column=_TEXT),
    Key("tags", key_types.SLUGS, "list of lower-case words joined by `-`", "words to filter by", UNION,
        column=_REQUIRED),
    Key("paths", key_types.ANCHORS, "list of `path` or `path@<8 to 40 hex>`",
        "anchors in the code, with the blob of the file in the worktree at writing; globs have no blob", UNION),
    Key("status", key_types.STATUS, _words(STATUSES), "whether it is in use", FURTHER, column=_REQUIRED),
    Key("retired", key_types.RETIREMENT, "`{at, by, reason}`", "when it was retired, by whom and why", RETIREMENT, MEM),
    Key("created", key_types.INSTANT, "UTC, RFC 3339, whole seconds", "when it was written", EARLIER,
        column=_REQUIRED, required=True),
    Key("modified", key_types.INSTANT, "UTC, RFC 3339, whole seconds", "when it was last changed", LATER,
        column=_REQUIRED),
    Key("valid_from", key_types.INSTANT, _TIME, "since when it holds in the world", column=_TEXT),
    Key("valid_to", key_types.INSTANT, _TIME, "until when it holds in the world", column=_TEXT),
    Key("expires", key_types.INSTANT, _TIME, "from then on a dream retires it", column=_TEXT),
    Key("verified", key_types.VERIFIED, "`{at, commit}`",
        "when, and at which commit of the code, it was last confirmed", LATER),
    Key("holds_if", key_types.RULES, "list of rules", "what must be true of the code, see below", UNION),
    Key("outcome", key_types.TEXT, "one line", "what came of an attempt: `reverted`, or what was learned"),
    Key("based_on", key_types.TEXTS, "list of ids", "the memories it was concluded from", UNION),
    Key("supersedes", key_types.TEXTS, "list of ids", "the memories it takes the place of", UNION),
    Key("superseded_by", key_types.TEXT, "id", "the memory that takes its place", TIMELINE, MEM, _TEXT),
    Key("merged_from", key_types.TEXTS, "list of ids", "the memories that were merged into it", UNION, MEM),
    Key("sources", None, "list of lines", "where the memories came from that were merged into it", UNION, MEM),
    Key("pin", key_types.FLAG, "`true`", "always handed to agents", column=_FLAG),
    Key("read_only", key_types.FLAG, "`true`", "agents may not change it", setter=PERSONS, column=_FLAG),
    Key("confidence", key_types.SHARE, "0 to 1", "how sure its author is"),
    Key("importance", key_types.SHARE, "0 to 1", "how much it weighs among equal hits; default: by use and evidence",
        LATER_SIDE, column="REAL"),
    Key("evidence", key_types.EVIDENCE_RANK, _words(EVIDENCE),
        "what it rests on, strongest first; an agent's `human` is recorded as `inference`, "
        "also where the agent changes what a person wrote", column=_TEXT),
    Key("source", key_types.SOURCE, "`{session, agent, commit, ref, reader}`", "where it comes from", BY_PART),
    Key("source.session", key_types.TEXT, "name", "the session that last changed what it claims",
        AUTHORSHIP, MEM, _TEXT),
    Key("source.agent", key_types.TEXT, "name", "the agent that last changed what it claims, absent for a person",
        AUTHORSHIP, MEM, _TEXT),
    Key("source.commit", key_types.TEXT, "hex", "the commit of the code at writing", LATER_SIDE, MEM),
    Key("source.ref", key_types.TEXT, "file and line, or URL", "what it was taken from"),
    Key("source.reader", key_types.TEXT, "name", "the source that `mem bootstrap` or `mem import` found it in, as in "
        "`--source NAME`", LATER_SIDE, MEM),
    Key("conflict", key_types.FLAG, "`true`", "a merge kept both sides; removed by `mem resolve`", EITHER, MEM, _FLAG),
    Key("title_other", key_types.TEXT, "one line", "the other side's title", COMPUTED, MEM),
    Key("conflict_other", key_types.OTHER_VALUES, "values by key", "the other side's values", COMPUTED, MEM),
    Key("conflict_sides", None, "`{ours, theirs}`", "both versions of a conflict, whole", COMPUTED, MEM),
    Key("attention", key_types.TEXTS, "list of questions, see below", "what a person answers with `mem resolve`",
        QUESTIONS, MEM),
    Key("resolved", key_types.TEXTS, "list of answers, see below", "answers to questions, which are not asked again",
        ANSWERS, MEM),
)  # fmt: skip
"""Every key, and the parts of `source`."""

ORDER: tuple[str, ...] = tuple(key.name for key in KEYS if "." not in key.name)
"""The top-level keys in the order of a new file."""
FIELDS = tuple(key for key in KEYS if key.type and "." not in key.name)
"""The keys that are fields of a `Memory`."""
COLUMNS = tuple(key for key in KEYS if key.column)
"""The keys that the index mirrors."""


def set_by(setter: str) -> frozenset[str]:
    """The names of the keys that `setter` sets."""
    return frozenset(key.name for key in KEYS if key.setter == setter)
