"""project: settings, addresses and entry points of the server; the one place that names every app."""
