"""A model server on loopback that plays scripted conversations in the protocols of the harnesses."""
