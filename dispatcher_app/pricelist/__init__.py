"""Catalogue and prices as an .xlsx workbook: written for people, read back with every bad row named."""
