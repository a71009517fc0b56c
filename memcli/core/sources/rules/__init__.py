"""Readers of rules for agents, and of skills and commands."""
