"""customers: who they are and everything that is known to have happened with them."""
