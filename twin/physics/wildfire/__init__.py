"""Fire in vegetation on a regular grid: how fast, which way, how hot, and when it is where.

rates      the public face: `rates` of every cell from fuel, ground, wind and moisture; `intensity` of a front
fuels      the standard fuel models        moisture   of dead and live fuel, from weather or stated
surface    Rothermel's surface fire        crown      when crowns burn, and how fast
beds       a fuel bed as coefficients      wind       from 10 m down to the flames
ellipse    what a fire looks like that starts at a point
kernels    the rates of every cell, compiled; `reference` in plain NumPy, which the tests hold them to
spotting   firebrands of vegetation: how many, how far, whether they ignite
korean     Korean kinds of cover as fuel models, uncalibrated
front      the public face of the march: when fire is where, in weather that changes
marching, bands, stencil, ways, heap, packing, compiling   what it is made of
marching_reference, bands_reference   the same in plain Python, which the tests hold them to

Nothing is imported here, because numba takes its time.
"""
