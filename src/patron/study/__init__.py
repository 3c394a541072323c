"""Judges: fits, looks back, chooses, scores everybody, and writes the report."""
