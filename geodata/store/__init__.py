"""The data directory and what stands in front of it."""
