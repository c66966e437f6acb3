"""Made-up contest weeks, honest and attacked, to measure the detectors on."""
