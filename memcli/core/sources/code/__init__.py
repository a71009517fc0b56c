"""Readers of the code itself: comments that warn, and owners."""
