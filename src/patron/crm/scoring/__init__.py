"""scoring: from records to history, from history to every customer's standing, and what moved."""
