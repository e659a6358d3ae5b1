"""Shallow water on a regular grid: `engine.ShallowWater` drives the kernels of first and second order.

Equations are in `flux` (one face), `update` (one row of cells) and `kernels_second` (slopes); `reference` holds the
same scheme in plain NumPy, which the tests hold the kernels to. Nothing is imported here, because numba takes its time.
"""
