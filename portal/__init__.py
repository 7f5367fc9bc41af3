"""The door for a browser: what an agency, and later others, do without the command line."""
