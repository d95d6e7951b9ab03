"""What is true of Hindi and English text."""
