"""The real harnesses, run headless on a model of our own: `make harness`."""
