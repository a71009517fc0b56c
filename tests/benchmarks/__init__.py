"""Benchmarks: run by `make bench`, never by the tests. What they measure is documented in docs/benchmarks.md."""
