"""What readers share: words of columns and kinds, coordinate systems as files write them, strict JSON, rasters."""
