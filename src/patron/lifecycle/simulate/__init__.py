"""Simulated worlds with a planted truth, for tests, benchmarks and the demo."""
