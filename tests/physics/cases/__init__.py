"""Readers of the files of published cases, and what the validation of the flood shares."""
