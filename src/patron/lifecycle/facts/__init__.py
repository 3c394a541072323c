"""Facts: what counts as known, an occasion, a return, an amount (Ibis expressions)."""
