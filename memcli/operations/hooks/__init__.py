"""`mem hooks`: installs, checks and removes the hooks of git and of agent harnesses."""
