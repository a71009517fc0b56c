"""What is worth keeping of what sources say: the score of an extract, what is left out and why, and the selection."""
