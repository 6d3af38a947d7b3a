"""Invoicing: runs that preview, claim, number and write invoices; claims, fee periods, references."""
