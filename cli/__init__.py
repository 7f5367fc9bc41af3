"""The door `ehc`: one file a command, shared printing in show. Nothing imports a door, and only doors read the clock."""
