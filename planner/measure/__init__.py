"""Left of the waist: candidates and layers become measurements."""
