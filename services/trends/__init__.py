"""Distinct events per window: the Faust app."""
