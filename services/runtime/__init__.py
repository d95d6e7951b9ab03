"""How it travels: the only package that knows Kafka."""
