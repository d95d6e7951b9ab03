"""What a command tells a person instead of a traceback."""

from __future__ import annotations


class UserError(Exception):
    """Something a person can put right; the message says what and how. Printed alone, exit code 2."""
