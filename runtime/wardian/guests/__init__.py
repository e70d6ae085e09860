"""How a module becomes a guest that can be called."""
