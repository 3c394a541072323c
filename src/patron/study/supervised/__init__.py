"""Learning an outcome from any table: the way from a file to a judged model and its scores."""
