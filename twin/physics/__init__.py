"""Physics engines: arrays in, arrays out, SI. They know no city, no file and no clock."""
