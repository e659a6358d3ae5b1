"""The demo city: same bytes every time, nothing stands on anything else, every file is read."""
