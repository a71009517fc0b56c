"""The index: memories without git, a function of (tree, schema, embedder) that is always safe to delete."""
