"""Scores, ranks and their reasons from the measurements alone: numpy and pandas, no geometry."""
