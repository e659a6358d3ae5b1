"""The public register of agents, hazard and impact models: one document each, in two languages."""
