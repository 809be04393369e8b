"""Tiers and products held by people: tokens, the roster, and who stands where on a given day."""
