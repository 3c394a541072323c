"""Computes: tables in, tables out. No Django, clock, disk, network or unseeded chance."""
