"""People on foot in the plane: circles that push (pymunk), a wish to walk (numba), gates, densities, alarms.

plan       walkable ground, gates and zones        ground    its raster: clearance, walls, what lies in it
people     who walks: bodies, speeds, times        routing   ways to each gate over the raster
steering   what each wants to do next (kernels)    bodies    the circles in pymunk, moved in batches
crowd      the engine                              density   fields of density, Fruin's levels
factors    speed in water, in smoke, on stairs     record    person-seconds by density, alarms
site       a place with arrivals and gates, as the response drives it      reference  the kernels in plain NumPy

One set of numbers for all of it: `walking.Walking`.
"""
