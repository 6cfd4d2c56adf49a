"""Measurements; no test, nothing the product needs."""
