"""The ways a person goes, from the first file to the picture."""
