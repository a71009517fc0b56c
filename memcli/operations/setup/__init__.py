"""`mem init`, `bootstrap`, `policy` and `exclude`: what a repository sets up."""
