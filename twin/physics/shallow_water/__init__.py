"""Shallow water on a regular grid: `engine.ShallowWater` drives the kernels of first and second order.

engine     the public face: the loop over time, what is kept of a run
stepping   one time step          water       the arrays, and the verbs that move water by other means than flow
edges      the sides of the area  rainfall    rain in time and space        runoff  where the rain of roofs goes
structures/  one file per kind of thing that moves water besides the flow
flux (one face), update (one row of cells), kernels_first, kernels_second (slopes, half step), tiles, fastmath
reference  the same scheme in plain NumPy, which the tests hold the kernels to

Nothing is imported here, because numba takes its time.
"""
