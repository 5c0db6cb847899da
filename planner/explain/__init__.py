"""A result in sentences and tables."""
