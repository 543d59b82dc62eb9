"""notifier: tell channels of alerts."""
