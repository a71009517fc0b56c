"""One file per command: it reads options, calls one verb, and hands the result to a view."""
