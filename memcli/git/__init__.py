"""Git without memories: objects, refs, worktrees, and the journal, lock and oplog that make writes safe."""
