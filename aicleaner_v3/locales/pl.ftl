### Polish: items on to-do lists only so far. All else is read in English.

## Items on to-do lists

item-minutes = Około { $count } min.
