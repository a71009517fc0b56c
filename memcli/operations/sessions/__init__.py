"""`mem session`: start, save, update, list and close lines of work."""
