"""The yearly return to the DfE, written from the facts: its persons as a stream, its files, the notes on its queries."""
