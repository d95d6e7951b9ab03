"""HTTP in, live dashboard out, over the topics."""
