"""What the record teaches: rates, base rates and scores of forecasts."""
