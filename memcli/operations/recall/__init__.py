"""`mem recall`, `hydrate`, `replay` and `index`: the memories for a question or an agent."""
