"""`mem init`, `bootstrap`, `policy`, `exclude`, `uninstall`: what a repository sets up, and its removal."""
