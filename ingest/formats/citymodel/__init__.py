"""City models: frames, objects and bodies of CityJSON and CityGML; footprints and levels from geometry."""
