"""Files of a city go in here: `load` reads them into a twin, `demo` writes the made-up city."""
