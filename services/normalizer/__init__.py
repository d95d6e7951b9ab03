"""One clean text out of whatever a crawler sent."""
