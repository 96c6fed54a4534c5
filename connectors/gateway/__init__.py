"""The gateway: accepts, dispatches and delivers messages, and serves the desk."""
