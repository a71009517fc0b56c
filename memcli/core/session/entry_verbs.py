"""The verbs of journal entries that several modules know, and which of all verbs are no operations.

Imports nothing: a hook that only records asks it.
"""

from __future__ import annotations

ADD = "add"
"""New memories; those that repeat what their session says already make nothing."""
READ, BRANCH, COMMIT, REWRITE = "read", "branch", "commit", "rewrite"
SAVE, END, STEP = "save", "end", "step"
"""What a hook asks for (a save without edits), that a harness is done with a session, and what was done about it."""
MARKS = (END, STEP)
RECORDS = (READ, COMMIT, REWRITE)
"""Verbs of what is kept in `.session/`: they start no session, and there is nothing to undo about them."""
SILENT = (*RECORDS, BRANCH, *MARKS)
"""Verbs that are no operations; what became of a session, or of its code branch, is said by an empty commit."""
