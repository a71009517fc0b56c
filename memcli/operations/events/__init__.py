"""What hooks record and answer, and what follows the end of a session."""
