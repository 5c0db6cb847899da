"""Japan, once: coordinate systems, mesh codes, codes of places."""
