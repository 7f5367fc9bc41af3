"""The law of EHC needs assessments in England as data, and the arithmetic that reads it.

Standard library only. Nothing here knows a database, a message or a policy.
Sources are cited as "reg N" for the SEND Regulations 2014 (SI 2014/1530), "s.N" for
the Children and Families Act 2014, "Code" for the SEND Code of Practice (January 2015).
"""
