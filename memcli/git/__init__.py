"""Git without memories: objects, refs, layout, worktrees, history."""
