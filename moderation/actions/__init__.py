"""Acts on rooms: ordered, guarded, announced; their verbs, forms and words."""
