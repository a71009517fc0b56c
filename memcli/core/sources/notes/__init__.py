"""Readers of folders of notes: Obsidian vaults, repositories of what somebody learned, plain notes."""
