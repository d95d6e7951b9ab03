"""Varta: a stream that turns raw Hindi and English news into coded political events."""
