"""The agencies of a council: who they are, whom a letter to them reaches, what is told of them."""
