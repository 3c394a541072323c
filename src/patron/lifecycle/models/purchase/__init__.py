"""Purchase models: who buys how often, who is still there, what an occasion brings."""
