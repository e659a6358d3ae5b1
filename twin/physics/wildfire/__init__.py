"""Fire in vegetation on a regular grid: how fast, which way, how hot, and when it is where.

rates      the public face: `rates` of every cell from fuel, ground, wind and moisture; `intensity` of a front
fuels      the standard fuel models        moisture   of dead and live fuel, from weather or stated
surface    Rothermel's surface fire        crown      when crowns burn, and how fast
wind       from 10 m down to the flames    ellipse    what a fire looks like that starts at a point
kernels    the same for every cell, compiled; `reference` in plain NumPy, which the tests hold it to
spotting   firebrands of vegetation: how many, how far, whether they ignite
korean     Korean cover classes as fuel models, uncalibrated
front      arrival times on the grid

Nothing is imported here, because numba takes its time.
"""
