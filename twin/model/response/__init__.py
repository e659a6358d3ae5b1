"""The nouns of the response: what an agent sees, what it proposes, who decides, what is done about it.

observation, forecast -> View -> Proposal -> (joint plan, shield, proof) -> Decision -> Action -> Outcome
"""
