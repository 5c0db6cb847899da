"""Tables that planners hold: one module per kind."""
