"""`mem log`, `diff`, `why` and `undo`: what happened to memories, and how to take it back."""
