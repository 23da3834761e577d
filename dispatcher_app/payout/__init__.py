"""Money out as files: batches for a bank, the results that it sends back, statements as workbooks."""
