"""One adapter per harness: how its hooks are installed, read and answered."""
