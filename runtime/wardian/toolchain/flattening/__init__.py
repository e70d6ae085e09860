"""From a component to one core module: its modules merged, its canonical calls turned into those of our ABI."""
