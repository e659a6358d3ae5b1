"""The fields of a run on disk, and out of it.

store    one Zarr store a run        things    values of pumps, underpasses and drains over time
derived  level, speed, ratings from what is stored
export   to GeoTIFF, NetCDF, tables, pictures          perimeters  polygons of what a fire has reached
"""
