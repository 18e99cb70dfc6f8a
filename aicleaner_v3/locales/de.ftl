### German. Keys that are missing here are read in English and listed by `make lint`.

## Items on to-do lists

item-minutes =
    { $count ->
        [one] Etwa { $count } Minute.
       *[other] Etwa { $count } Minuten.
    }

## Names of entities: Home Assistant shows them after the name of their device

entity-command = Befehl
entity-cleanliness = Sauberkeit
entity-open-tasks = Offene Aufgaben
entity-estimated-time = Geschätzte Dauer
entity-needs-cleaning = Aufräumen nötig
entity-occupied = Belegt
entity-last-assessed = Zuletzt beurteilt
entity-last-skip = Grund des letzten Überspringens
entity-trend = Tendenz
entity-assess-now = Jetzt beurteilen
entity-tidy-now = So ist es aufgeräumt
entity-clear-tasks = Aufgaben leeren
entity-reset = Auf Konfiguration zurücksetzen
entity-watching = Überwachung
entity-interval = Intervall
entity-threshold = Schwelle
entity-provider = Anbieter
entity-sensitivity = Empfindlichkeit
entity-last-frame = Letztes Bild
entity-assessment = Beurteilung
entity-status = Status
entity-version = Version
entity-cost-today = Kosten heute
entity-cost-this-month = Kosten diesen Monat
entity-cost-forecast = Kostenprognose
entity-calls-today = Anfragen heute
entity-outbox-pending = Ausstehende Aktualisierungen
entity-uptime = Läuft seit
entity-memory = Arbeitsspeicher
entity-pause-all = Alles anhalten
entity-dashboard = Dashboard anlegen
entity-connected = Verbunden
entity-home-assistant-problem = Home Assistant
entity-settings-problem = Einstellungen
entity-store-problem = Datenbank
entity-lists-problem = To-do-Listen
entity-providers-problem = Anbieter

## Notifications

notification-mess =
    { $tone ->
        [friendly] Hallo! { $zone } könnte etwas Hilfe brauchen. Zu tun: { $count }.
        [butler] Wenn ich darauf hinweisen darf: { $zone } erwartet Ihre Aufmerksamkeit. Anliegen: { $count }.
        [coach] Los geht's! Schnelle Erfolge in { $zone }: { $count }.
       *[plain] Aufzuräumen: { $count }.
    }

notification-tidy =
    { $tone ->
        [friendly] Alles aufgeräumt. { $zone } sieht toll aus, danke!
        [butler] { $zone } ist wieder in bester Ordnung.
        [coach] Geschafft! { $zone } ist aufgeräumt. Starke Leistung!
       *[plain] Alles aufgeräumt.
    }

notification-digest =
    { $tone ->
        [friendly] So sieht es heute bei Ihnen aus. Noch zu tun: { $count }.
        [butler] Ihr täglicher Bericht, wenn es beliebt. Offen: { $count }.
        [coach] Tagesstand! Noch auf der Tafel: { $count }.
       *[plain] Noch zu tun: { $count }.
    }

notification-digest-tidy =
    { $tone ->
        [friendly] Heute ist nichts zu tun. Viel Freude damit!
        [butler] Ich darf melden, dass alles in Ordnung ist.
        [coach] Volle Punktzahl: nichts zu tun. Weiter so!
       *[plain] Nichts zu tun.
    }

notification-task = { $task } ({ $minutes } Min.)
notification-zone = { $zone }: { $count }
notification-zone-scored = { $zone }: { $count } ({ $score } %)
notification-more = und { $count } weitere

notification-assess = Noch einmal ansehen
notification-done = Erledigt
notification-dismiss = Verwerfen

## Dashboard

dashboard-failed = AICleaner: kein Dashboard
dashboard-not-ours = Unter /{ $path } gibt es ein Dashboard, das nicht von AICleaner ist und deshalb bleibt, wie es ist.
dashboard-not-ours-remedy = Entferne es oder benenne es um und versuche es dann noch einmal.
