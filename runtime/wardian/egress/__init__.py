"""How a guest reaches a server: what it asks for, what it may, the connection, the answer."""
