"""Returns that came from elsewhere: their forms told apart by content, read as a stream of persons whatever the form."""
