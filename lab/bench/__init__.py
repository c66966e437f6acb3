"""Measurements as ratios: each runs our path and a reference in turn, on one machine, in one run.

Every bench starts its own servers in a temporary folder, is bounded in time, and stops
whatever it started. Nothing of the product imports this package.
"""
