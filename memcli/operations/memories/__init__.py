"""`mem add`, `edit`, `show`, `list`, `resolve` and others about single memories."""
