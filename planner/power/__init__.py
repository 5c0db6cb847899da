"""What a grid planner and a developer would compute: connections for a load, time to power, and clean supply hour by hour."""
