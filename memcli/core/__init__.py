"""Decisions without git, files or clock: text, memories, times and ids in; memories, findings and plans out."""
