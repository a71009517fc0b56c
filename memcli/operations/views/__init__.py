"""The store as one caller sees it: reading, snapshots, visibility, staleness."""
