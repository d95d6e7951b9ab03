"""Faults against real worker processes on a real Kafka: what was sent must come out once, whatever is killed."""
