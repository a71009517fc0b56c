"""Consolidation: what a dream does to memories, decided without git, files or clock."""
