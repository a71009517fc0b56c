"""Consolidation without git, files or clock: what a dream decides about single memories and about pairs of them."""
