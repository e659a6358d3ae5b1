"""Fire inside a building: two layers per room on a graph of rooms and vents (`engine.ZoneFire`).

rooms    what goes in: Room, Lining, Vent, Fan, Fuel, Fire, Device, Ambient
engine   the public face: advance, arrays per room, balances, save and load

Nothing is imported here, because numba takes its time.
"""
