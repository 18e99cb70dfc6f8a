### French. Keys that are missing here are read in English and listed by `make lint`.

## Items on to-do lists

item-minutes =
    { $count ->
        [one] Environ { $count } minute.
       *[other] Environ { $count } minutes.
    }

## Names of entities: Home Assistant shows them after the name of their device

entity-command = Commande
entity-cleanliness = Propreté
entity-open-tasks = Tâches ouvertes
entity-estimated-time = Durée estimée
entity-needs-cleaning = À ranger
entity-occupied = Occupé
entity-last-assessed = Dernière évaluation
entity-last-skip = Dernière raison d'omission
entity-trend = Tendance
entity-assess-now = Évaluer maintenant
entity-tidy-now = C'est rangé ainsi
entity-clear-tasks = Effacer les tâches
entity-reset = Rétablir la configuration
entity-watching = Surveillance
entity-interval = Intervalle
entity-threshold = Seuil
entity-provider = Fournisseur
entity-sensitivity = Sensibilité
entity-last-frame = Dernière image
entity-assessment = Évaluation
entity-status = État
entity-version = Version
entity-cost-today = Coût aujourd'hui
entity-cost-this-month = Coût ce mois-ci
entity-cost-forecast = Prévision des coûts
entity-calls-today = Appels aujourd'hui
entity-outbox-pending = Mises à jour en attente
entity-uptime = Démarré le
entity-memory = Mémoire
entity-pause-all = Tout mettre en pause
entity-dashboard = Créer le tableau de bord
entity-connected = Connecté
entity-home-assistant-problem = Home Assistant
entity-settings-problem = Réglages
entity-store-problem = Base de données
entity-lists-problem = Listes de tâches
entity-providers-problem = Fournisseurs

## Notifications

notification-mess =
    { $tone ->
        [friendly] Coucou ! { $zone } aurait besoin d'un coup de main. À faire : { $count }.
        [butler] Si je puis me permettre : { $zone } attend votre attention. Points à régler : { $count }.
        [coach] C'est parti ! Victoires rapides à prendre, { $zone } : { $count }.
       *[plain] À ranger : { $count }.
    }

notification-tidy =
    { $tone ->
        [friendly] Tout est rangé. { $zone } est superbe, merci !
        [butler] { $zone } est de nouveau en ordre parfait.
        [coach] Bravo ! { $zone } est rangé. Beau travail !
       *[plain] Tout est rangé.
    }

notification-digest =
    { $tone ->
        [friendly] Voici où en est la maison aujourd'hui. Reste à faire : { $count }.
        [butler] Votre rapport du jour, s'il vous plaît. En attente : { $count }.
        [coach] Le point du jour ! Encore au tableau : { $count }.
       *[plain] Reste à faire : { $count }.
    }

notification-digest-tidy =
    { $tone ->
        [friendly] Rien à faire aujourd'hui. Profitez-en !
        [butler] J'ai le plaisir de vous annoncer que tout est en ordre.
        [coach] Score parfait : rien à faire. Continuez !
       *[plain] Rien à faire.
    }

notification-task = { $task } ({ $minutes } min)
notification-zone = { $zone }: { $count }
notification-zone-scored = { $zone }: { $count } ({ $score } %)
notification-more = et { $count } de plus

notification-assess = Réévaluer
notification-done = Fait
notification-dismiss = Ignorer

## Dashboard

dashboard-failed = AICleaner : pas de tableau de bord
dashboard-not-ours = Il existe à /{ $path } un tableau de bord qu'AICleaner n'a pas créé et qu'il laisse tel quel.
dashboard-not-ours-remedy = Supprimez-le ou renommez-le, puis réessayez.
