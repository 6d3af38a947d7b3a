"""Numbers of rows as they are written on the command line."""

from typing import Final

import click

IDENTIFIER: Final = click.IntRange(1, 2**63 - 1)
"""A positive number that a row, or an amount in minor units, can have in the database."""
