"""What every package stands on: settings, clock, unit of work, problems, crypto, audit, engines."""
