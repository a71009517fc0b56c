"""The table of trailers: every `Mem-*` key that a commit message may end with, once.

A new trailer is one row here and the code that writes and reads it; docs/format.md is generated from the rows. Imports
nothing: hooks that only record use it.
"""

from __future__ import annotations

TRAILERS: list[tuple[str, str, str, str]] = []
"""(key, where it is written, its value, its meaning) of every trailer; markdown, in the order of docs/format.md."""


def _row(key: str, places: str, value: str, meaning: str) -> str:
    TRAILERS.append((key, places, value, meaning))
    return key


_EVERY, _FIRST, _EMPTY = "every commit of a session", "the first commit of a session", "an empty commit of a session"
_PROMOTION, _DREAM, _EDITS, _UNDO = "the promotion", "a dream's commit", "a commit of edits", "an undo"

START = _row("Mem-Start", _FIRST, "`<time>`", "Begins the session. The commit's body is the task.")
SESSION = _row(
    "Mem-Session",
    f"{_EVERY}, {_PROMOTION}; optionally a commit of the code",
    "`<name>`",
    "The session that the commit belongs to.",
)
AGENT = _row("Mem-Agent", f"{_EVERY}, {_PROMOTION}", "`<name>`", "The agent, where one acted.")
STANDING = _row(
    "Mem-Standing",
    f"{_FIRST}, {_PROMOTION}",
    "`<login>`",
    "The session is this person's standing draft session: it goes on when nothing is left in it.",
)
BASE = _row(
    "Mem-Base", _EVERY, "`<commit>`", "The commit of the store that candidates are compared with; the newest counts."
)
CODE_BRANCH = _row("Mem-Code-Branch", _FIRST, "`<branch>`", "The branch of the code that the session works on.")
HARNESS_ID = _row("Mem-Harness-Id", _FIRST, "`<id>`", "The harness's own session id.")
BRANCH_MERGED = _row(
    "Mem-Branch-Merged", _EMPTY, "`<tip> <branch>`", "The code branch was merged, at this tip, into that branch."
)
ENDED = _row(
    "Mem-Ended", _EMPTY, "`<time>`", "The harness ended the session at this time; `Mem-State: open` takes that back."
)
STEP = _row(
    "Mem-Step",
    _EMPTY,
    "`<step> <result>`",
    "A step of the end is done: `episode`, `distil` or `review`; an approval is `review approve <commit> <reason>`.",
)
REJECT = _row(
    "Mem-Reject",
    f"{_EMPTY}; the commit that takes back a dream",
    "`<id> <sha256> <reason>`",
    "This content of this memory was rejected.",
)
REJECT_CLAIM = _row(
    "Mem-Reject-Claim",
    _EMPTY,
    "`<id> <sha256>[:<key>] <reason>`",
    "What this memory claims (its body, whatever the markup, and its key) was rejected and nobody else claims it; or "
    "its retirement was rejected.",
)
UNREJECT = _row(
    "Mem-Unreject", _UNDO, "`<id> <sha256>[:<key>] <reason>`", "Takes a `Mem-Reject` or `Mem-Reject-Claim` back."
)
STATE = _row("Mem-State", _EMPTY, "`open`, `closed`, `promoted`, `rejected`", "The state of the session from here on.")
OP = _row("Mem-Op", f"{_EDITS}, {_PROMOTION}", "`<operation>`", "An operation carried out in this commit; one each.")
CANCELS = _row("Mem-Cancels", _UNDO, "`<operation>`", "The operation that was undone.")
CANDIDATES = _row("Mem-Candidates", _PROMOTION, "`+<added> ~<changed> -<retired>`", "How many memories it changed.")
REVIEW = _row("Mem-Review", _PROMOTION, "`<person or reviewer>`", "Who approved it.")
READS = _row("Mem-Reads", _PROMOTION, "`<number>`", "How many reads the session recorded.")
PHASE = _row(
    "Mem-Phase", _DREAM, "`prune`, `merge`, `refresh`, `curate`", "The phase of the dream that this commit is."
)
FULL = _row("Mem-Full", _DREAM, "`yes`", "The phase left something out: a dream changes only so many memories.")
WATERMARK = _row(
    "Mem-Watermark", "a dream's report, its promotion", "`<commit>`", "The commit of the store up to which it has read."
)
CODE = _row(
    "Mem-Code", "a dream's report, its promotion", "`<commit>`", "The commit of the code at which it judged anchors."
)
