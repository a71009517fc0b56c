"""What a repository already knows, read as memories: decision records, agents' notes and rules, pages, commits."""
