"""Text tables: coding, header, declaration, numbers, times, units; rows become points, records or series."""
