"""From the city to what a hazard starts from.

prepare   every declared input, on one grid      ground    terrain, crests, underpasses
surface   roughness by land use                  soil      what soaks away
gauges    rain between gauges                    rain_maps rain as a radar sees it
assets    pumps, gates, drains as things         place     the targets of measures and ignitions
weather   wind and air of the twin's sensors     fuel      what vegetation the ground carries
ready     all of it for a run
"""
