"""The terminal: Typer and Rich, and the only place that prints."""
