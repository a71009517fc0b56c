"""Git-native memory for AI agents and the developers beside them."""

__version__ = "0.1.0"
