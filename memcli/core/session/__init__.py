"""Sessions as text: state, names, trailers and records."""
