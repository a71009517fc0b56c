"""One verb per file: (workspace, plain arguments) → one frozen result; nothing here prints or reads the environment."""
