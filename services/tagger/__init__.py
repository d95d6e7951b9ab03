"""PLOVER events, native in Hindi and English."""
