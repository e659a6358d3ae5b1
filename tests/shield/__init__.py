"""Shield, approvals and the guard against agents."""
