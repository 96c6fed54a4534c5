"""The help desk's domain: conversations, messages, tickets, agents and the queue. Knows SQL; no channel, no server, no bot."""
