### Swedish: items on to-do lists only so far. All else is read in English.

## Items on to-do lists

item-minutes =
    { $count ->
        [one] Ungefär { $count } minut.
       *[other] Ungefär { $count } minuter.
    }
