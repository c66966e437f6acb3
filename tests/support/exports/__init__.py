"""Files as platforms, offices and banks export them, with their real headings and traps."""
