"""Shapes of what goes in and out, a file for each app."""
