"""Mathematics that several rooms stand on, without a notion of customers."""
