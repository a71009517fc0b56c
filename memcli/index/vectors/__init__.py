"""Embedders, the file of vectors, and the Chroma collection of the same vectors."""
