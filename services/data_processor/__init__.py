"""data-processor: raise alerts from market-data messages."""
