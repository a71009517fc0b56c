"""What makes writes safe: journal, lock, publication, operation log, liveness, kept packs."""
