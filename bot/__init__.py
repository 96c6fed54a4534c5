"""What Frontdesk adds to Rasa: one channel, one tracker store, and the components of `config.yml`."""
