"""The file formats of exchanges, archives and spreadsheets."""
