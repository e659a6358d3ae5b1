"""The twin on disk: a folder with one DuckDB file, rasters, meshes and runs. The only room that speaks SQL."""

from twin.store.city import City, create, open_city

__all__ = ["City", "create", "open_city"]
