"""The one write path: admission, journal entries, the drain into commits, session files."""
