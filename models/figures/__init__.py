"""Figures by the DfE's method, from the records of the return and from what is owed, each with the cases behind it."""
