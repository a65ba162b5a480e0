"""What every room stands on: places, diagnostics, errors, names."""
