"""The nouns of the house: frozen, without input or output, on the ground floor for everybody."""
