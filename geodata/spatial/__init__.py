"""Spatial kernels: batch in, batch out, WORK metres only."""
