"""Readers of documents that people wrote for people: maintainers' guides, and pages of documentation."""
