"""The SQLite file: generations, tables, rows and manifests."""
