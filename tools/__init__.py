"""Programs for people who work on Frontdesk; the desk itself needs none of them."""
