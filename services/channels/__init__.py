"""Channels: where people and programs are told of alerts, and how each is addressed."""
