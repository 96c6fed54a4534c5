"""Slack: a channel for customers, and a second desk for agents."""
