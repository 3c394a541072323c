"""SQLite as Patron uses it: Django's own backend, with another way to wait for the one writer."""
