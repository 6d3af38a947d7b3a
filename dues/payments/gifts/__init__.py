"""Money that people give beyond what they owe: funds, gifts, and what donors and tax authorities are told."""
