"""What travels: one module a message, plain pydantic, no logic; topics in one place."""
