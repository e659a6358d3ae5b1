"""Fire from building to building, as a network: `engine.UrbanFire` drives it. After Himoto and Tanaka (2008).

engine       the public face: ignite, advance, water, save and load
buildings    the nodes: a building, or a storey of a tall one, from outlines and attributes; what was assumed, counted
tables       structure, use and roof classes with their numbers and where these are from
outlines     area, centroid and sides of polygons            neighbours  which facades see each other, and how much
burning      heat release over time                          exposure    view factors, openings, flames
dose         from radiation to ignition                      brands      where firebrands land, what they ignite
suppression  water, sprinklers, flood
stepping     one time step (Numba)                           throwing    the brands of one step (Numba)
reference    both in plain NumPy, which the tests hold the kernels to
hamada       the empirical formula, for comparison only      compiling   how kernels are compiled

Residents who fight the fire are not modelled, nor are buildings in the line of sight between two others: both make the
spread too fast rather than too slow. Nothing is imported here, because numba takes its time.
"""
