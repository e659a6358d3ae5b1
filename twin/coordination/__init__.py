"""Who does what, when: announce, bid, award, improve. Tasks and units in, one joint plan out; knows no hazard."""
