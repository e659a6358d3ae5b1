"""Hard rules outside every agent, and who may approve what. Nothing passes that a rule refuses."""
