"""An optional language model: it may word things, never decide them. Off unless an address is given."""
