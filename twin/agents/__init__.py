"""Agents: one file each, found by being here. A room holds an object called `agent`."""
