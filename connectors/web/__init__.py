"""The web chat: Socket.IO with Rasa's event names, and a place of its own for each connection."""
