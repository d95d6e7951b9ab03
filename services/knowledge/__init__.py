"""What is true of the world: entities, places, ontology, topics, and the loaders of their tables."""
