from streamlit.starlette import App

from planner.ui.guard import guarded
from planner.ui.server import SCRIPT

app = App(SCRIPT, middleware=guarded())
