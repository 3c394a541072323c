"""Models of a table of features: what becomes of a customer, from the columns known about it."""
