"""Building models: the child process that opens an IFC, its plan, its place on the map."""
