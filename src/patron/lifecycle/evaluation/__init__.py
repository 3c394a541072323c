"""Evaluation: how good a prediction was, once it is known what happened."""
