"""What every plug-in passes by existing."""
