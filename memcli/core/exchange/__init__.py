"""Memories in the formats of other tools: written as texts by path, and read back."""
