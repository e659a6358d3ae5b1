"""Pure functions on places: coordinate systems, validity, resampling. No file is opened here."""
