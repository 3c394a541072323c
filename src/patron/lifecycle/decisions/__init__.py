"""Decisions: the stage of a customer, and later what to do about it."""
