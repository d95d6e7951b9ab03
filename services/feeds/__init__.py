"""A polite RSS and Atom poller."""
