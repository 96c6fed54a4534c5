"""Agents who answer from a chat of their own: what is the same whichever chat that is."""
