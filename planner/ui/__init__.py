"""The interface. The only part that imports streamlit and folium."""
