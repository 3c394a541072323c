"""sources: ways in. Imports of files, resumable and undoable."""
