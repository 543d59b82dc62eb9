"""What a person sees: progress, questions, tables and charts."""
