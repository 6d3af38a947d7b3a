"""Payments: bank files accepted whole, matched set by set, and allocated to claims."""
