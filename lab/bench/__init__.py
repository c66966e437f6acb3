"""Benchmarks that report ratios: each measures the product and a reference in turn, on one machine.

Every bench starts its own servers in a temporary folder, is bounded in time, and stops
whatever it started. Nothing of the product imports this package.
"""
