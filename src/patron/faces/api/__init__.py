"""api: the same operations and queries for programs, a file for each app."""
