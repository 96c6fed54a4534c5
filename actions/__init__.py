"""What Rasa asks us to do: orders, returns and refunds, over one `Shop` interface."""
