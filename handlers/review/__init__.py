"""The desk reads what was handed in and decides."""
