"""The help desk's domain: conversations, messages, tickets, agents and the queue. Knows SQL; knows no channel, no web server, no bot."""
