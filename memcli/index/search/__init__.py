"""Recall: the channels, their fusion, and whether anything relevant is known."""
