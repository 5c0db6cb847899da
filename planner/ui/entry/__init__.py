"""The script that Streamlit runs, in a folder of its own: beside a folder `pages` it would run those files as scripts."""
