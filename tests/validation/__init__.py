"""The model against published cases and exact solutions."""
