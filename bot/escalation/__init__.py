"""When a conversation goes to a person: decided here, inside Rasa's process, on every message before any answer is chosen."""
