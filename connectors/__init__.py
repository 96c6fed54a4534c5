"""Everything that meets a customer or an agent: one package a channel, and the gateway that wires them."""
