"""The response to a hazard while it runs: perceive, forecast, propose, coordinate, prove, decide, act, score."""
