"""The script that Streamlit runs for every visit and every change. All it does is show the page."""

from viewer.page import show

show()
