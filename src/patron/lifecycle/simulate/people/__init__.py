"""People for orders that have none: coherent, clearly fictitious, in two languages, the same for the same seed."""

from patron.lifecycle.simulate.people.base import People, simulate_people

__all__ = ["People", "simulate_people"]
