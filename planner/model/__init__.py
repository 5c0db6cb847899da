"""The nouns that cross the waist and leave it: plain data, no geometry."""
