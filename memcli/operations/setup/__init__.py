"""`mem init`, `policy`, `exclude`, `uninstall`: what a repository sets up, and its removal."""
