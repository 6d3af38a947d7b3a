"""Documents as bytes: dataclasses to PDF and QR codes; no database."""
