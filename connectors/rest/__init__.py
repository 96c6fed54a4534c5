"""A channel for anything that can send and receive signed HTTP: a shop's own app, a kiosk, another messenger's bridge."""
