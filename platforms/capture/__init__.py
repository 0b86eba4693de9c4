"""How a document comes in: fetching, extraction, and the gate that tells a policy from whatever else stands there."""
