"""Converts real panels and votes into folders that `shibaiqian score` reads."""
