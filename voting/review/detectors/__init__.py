"""Detectors: what in the votes of one contest is worth a person's look, and never more."""
