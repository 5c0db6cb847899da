"""Layers shown, never scored."""
