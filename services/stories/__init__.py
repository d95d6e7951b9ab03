"""Stories and resolved events: count events, not reports."""
