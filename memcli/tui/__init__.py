"""`mem ui`: the terminal user interface, which shows and calls the same operations as the commands."""
