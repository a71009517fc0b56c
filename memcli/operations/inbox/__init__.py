"""`mem` alone: all that waits for a decision, and the next command."""
