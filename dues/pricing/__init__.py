"""Pricing: fee components, price rules, and the price classes that make them fast."""
