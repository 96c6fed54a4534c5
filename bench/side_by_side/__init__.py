"""Stock Rasa, Frontdesk and a bare echo, measured beside each other in one run: `make bench`."""
