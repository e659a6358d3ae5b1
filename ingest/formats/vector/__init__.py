"""Vector tables: the coding of a dBASE file, rows of any GDAL layer to features."""
