"""What `planner serve` gives to Streamlit."""

from planner.ui.router import main

main()
