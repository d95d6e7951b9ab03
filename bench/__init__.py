"""Benchmarks: each prints a table and writes it beside itself."""
