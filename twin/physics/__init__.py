"""Physics engines: arrays in, arrays out, SI. They know no city, no file and no clock.

shallow_water  water over the ground of a city      drains      storm drains under it
wildfire       fire in vegetation on a grid         urban_fire  fire from building to building
zone_fire      fire in the rooms of a building      crowd       people on foot, one by one
movement       cars and groups of people on roads   compiling   how their kernels are compiled
"""
