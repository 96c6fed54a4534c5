"""Telegram, for customers: webhook or long polling in, the Bot API out."""
