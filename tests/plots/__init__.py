"""Figures and tables of docs/validation, drawn by `python -m tests.plots`.

paper     colours, sizes, and how a figure becomes a small PNG
flood     water against exact solutions, flumes and a dam break
wildfire  rates of spread and fronts
urban     fire from building to building
indoor    hot layers in rooms
tables    figures of build/*.json between the markers of the pages
"""
