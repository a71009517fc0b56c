"""Whose work a commit or a line is: the sessions and agents behind the code."""
