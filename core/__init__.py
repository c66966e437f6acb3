"""What every package uses: settings, clock, unit of work, problems, crypto, audit, engines."""
