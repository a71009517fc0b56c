"""`mem stats`: what was proposed, decided, asked and read, in numbers."""
