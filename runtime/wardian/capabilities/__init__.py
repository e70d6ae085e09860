"""What a guest may ask of the host: one file for each capability."""
