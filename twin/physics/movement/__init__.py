"""How people and cars move along the roads of a city."""
