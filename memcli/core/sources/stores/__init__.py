"""Readers of the memory stores of other tools."""
