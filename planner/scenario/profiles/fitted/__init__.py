"""One file per calibrated set of weights, as `planner calibrate` writes it."""
