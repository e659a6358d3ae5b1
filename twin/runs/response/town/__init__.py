"""The people, units and cars of a city as they live through a hazard."""
