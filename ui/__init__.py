"""The reading half on screen: page shell, cached queries, filters, charts, tables. Only queries store, never writes."""
