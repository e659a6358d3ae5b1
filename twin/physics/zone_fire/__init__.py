"""Fire inside a building: two layers per room on a graph of rooms and vents (`engine.ZoneFire`).

rooms     what goes in: Room, Lining, Vent, Fan, Fuel, Fire, Device, Ambient      checks  what they must be
engine    the public face: advance, arrays per room, balances, save and load
build     from what goes in to arrays, and the air at the start                   arrays  what the kernels work on
stepping  one step, and how long it may be      network  pressures and interfaces of all rooms, by Newton's method
layers    masses to temperatures                surfaces  heat between gas, fire and linings in a step
burning   what fires release and use            devices  detectors, sprinklers     doses  what people take up
plume, openings, radiation, linings, people, chemistry: one equation, one function
constants; kernels  what Python calls; compiling  how it is compiled
reference  the right-hand side in plain NumPy, which the tests hold the kernels to

Nothing is imported here, because numba takes its time.
"""
