"""The shop behind the bot. `desk` is the one part of it that the gateway may import."""
