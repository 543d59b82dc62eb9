"""The formats of files that exchanges, archives and spreadsheets write."""
