"""What every page uses: its shell, the address, filters, charts, tables, words, cached queries."""
