### Dutch. Keys that are missing here are read in English and listed by `make lint`.

## Items on to-do lists

item-minutes =
    { $count ->
        [one] Ongeveer { $count } minuut.
       *[other] Ongeveer { $count } minuten.
    }

## Names of entities: Home Assistant shows them after the name of their device

entity-command = Opdracht
entity-cleanliness = Netheid
entity-open-tasks = Open taken
entity-estimated-time = Geschatte tijd
entity-needs-cleaning = Opruimen nodig
entity-occupied = Bezet
entity-last-assessed = Laatst beoordeeld
entity-last-skip = Reden van laatste overslaan
entity-trend = Trend
entity-assess-now = Nu beoordelen
entity-tidy-now = Zo is het opgeruimd
entity-clear-tasks = Taken wissen
entity-reset = Terugzetten naar configuratie
entity-watching = Bewaking
entity-interval = Interval
entity-threshold = Drempel
entity-provider = Aanbieder
entity-sensitivity = Gevoeligheid
entity-last-frame = Laatste beeld
entity-assessment = Beoordeling
entity-status = Status
entity-version = Versie
entity-cost-today = Kosten vandaag
entity-cost-this-month = Kosten deze maand
entity-cost-forecast = Kostenprognose
entity-calls-today = Aanvragen vandaag
entity-outbox-pending = Openstaande updates
entity-uptime = Actief sinds
entity-memory = Geheugen
entity-pause-all = Alles pauzeren
entity-dashboard = Dashboard maken
entity-connected = Verbonden
entity-home-assistant-problem = Home Assistant
entity-settings-problem = Instellingen
entity-store-problem = Database
entity-lists-problem = Takenlijsten
entity-providers-problem = Aanbieders

## Notifications

notification-mess =
    { $tone ->
        [friendly] Hoi! { $zone } kan wat hulp gebruiken. Te doen: { $count }.
        [butler] Als ik zo vrij mag zijn: { $zone } vraagt om uw aandacht. Punten: { $count }.
        [coach] Kom op! Snelle successen in { $zone }: { $count }.
       *[plain] Op te ruimen: { $count }.
    }

notification-tidy =
    { $tone ->
        [friendly] Alles opgeruimd. { $zone } ziet er heerlijk uit, bedankt!
        [butler] { $zone } is weer volmaakt op orde.
        [coach] Gelukt! { $zone } is opgeruimd. Goed gedaan!
       *[plain] Alles is opgeruimd.
    }

notification-digest =
    { $tone ->
        [friendly] Zo staat het huis er vandaag voor. Nog te doen: { $count }.
        [butler] Uw dagelijkse verslag, als het u belieft. Openstaand: { $count }.
        [coach] De stand van de dag! Nog op het bord: { $count }.
       *[plain] Nog te doen: { $count }.
    }

notification-digest-tidy =
    { $tone ->
        [friendly] Vandaag niets te doen. Geniet ervan!
        [butler] Ik meld met genoegen dat alles op orde is.
        [coach] Perfecte score: niets te doen. Hou vol!
       *[plain] Niets te doen.
    }

notification-task = { $task } ({ $minutes } min)
notification-zone = { $zone }: { $count }
notification-zone-scored = { $zone }: { $count } ({ $score } %)
notification-more = en nog { $count }

notification-assess = Opnieuw bekijken
notification-done = Klaar
notification-dismiss = Negeren

## Dashboard

dashboard-failed = AICleaner: geen dashboard
dashboard-not-ours = Op /{ $path } staat een dashboard dat AICleaner niet heeft gemaakt en dus laat staan.
dashboard-not-ours-remedy = Verwijder of hernoem het en probeer het opnieuw.
