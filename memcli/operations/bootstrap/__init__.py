"""`mem bootstrap`: reads what a repository already knows, and proposes what is worth keeping."""
