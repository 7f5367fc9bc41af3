"""What we say, to whom, when, and through which channel. Law is below in `models/law`; nothing here opens a database."""
