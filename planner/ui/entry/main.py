"""What `planner serve` gives to Streamlit, which runs it as a script: no relative import can be followed here."""

from planner.ui.router import main

main()
