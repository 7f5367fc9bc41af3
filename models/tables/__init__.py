"""The tables. `fact` holds what happened; `person`, `contact` and `text` what can be erased; `message` the outbox.

`duty` and most of `case_file` hold what is worked out from the facts, for speed only. Whoever imports one of these files
has every table: migrations, exports and erasures go through them all.
"""

from models.tables import agencies, cases, people, running, trail
