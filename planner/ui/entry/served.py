"""The app behind its guard, which Streamlit runs as a script: no relative import can be followed here."""

from pathlib import Path

from streamlit.starlette import App

from planner.ui.guard import guarded

app = App(Path(__file__).parent / "main.py", middleware=guarded())
