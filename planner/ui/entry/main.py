"""What `planner serve` gives to Streamlit."""

from ..router import main

main()
