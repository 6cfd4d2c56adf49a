"""WhatsApp by the Cloud API: signed webhooks, parsing, limits, calls."""
