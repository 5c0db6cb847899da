"""National Land Numerical Information (国土数値情報)."""
