"""Readers of decision records: ADRs, RFCs, enhancement proposals."""
