//! The names of entities, as they stand after the device's name.

use super::Text;

/// Commands that were refused happen here.
pub const COMMAND: Text = Text::new("Command", "Befehl", "Commande", "Orden", "Opdracht");
/// Score of a zone.
pub const CLEANLINESS: Text = Text::new(
    "Cleanliness",
    "Sauberkeit",
    "Propreté",
    "Limpieza",
    "Netheid",
);
/// Number of open tasks.
pub const OPEN_TASKS: Text = Text::new(
    "Open tasks",
    "Offene Aufgaben",
    "Tâches ouvertes",
    "Tareas pendientes",
    "Open taken",
);
/// Minutes that the open tasks take.
pub const ESTIMATED_TIME: Text = Text::new(
    "Estimated time",
    "Geschätzte Dauer",
    "Durée estimée",
    "Tiempo estimado",
    "Geschatte tijd",
);
/// Whether the zone needs cleaning.
pub const NEEDS_CLEANING: Text = Text::new(
    "Needs cleaning",
    "Aufräumen nötig",
    "À ranger",
    "Necesita limpieza",
    "Opruimen nodig",
);
/// Whether somebody is there.
pub const OCCUPIED: Text = Text::new("Occupied", "Belegt", "Occupé", "Ocupado", "Bezet");
/// When the zone was last judged.
pub const LAST_ASSESSED: Text = Text::new(
    "Last assessed",
    "Zuletzt beurteilt",
    "Dernière évaluation",
    "Última evaluación",
    "Laatst beoordeeld",
);
/// Why the last check went no further.
pub const LAST_SKIP: Text = Text::new(
    "Last skipped because",
    "Zuletzt übersprungen wegen",
    "Dernière raison d'omission",
    "Último motivo de omisión",
    "Laatst overgeslagen wegens",
);
/// Which way the score goes.
pub const TREND: Text = Text::new("Trend", "Tendenz", "Tendance", "Tendencia", "Trend");
/// The button that asks for a check.
pub const ASSESS_NOW: Text = Text::new(
    "Assess now",
    "Jetzt beurteilen",
    "Évaluer maintenant",
    "Evaluar ahora",
    "Nu beoordelen",
);
/// The button that calls the zone tidy.
pub const TIDY_NOW: Text = Text::new(
    "This is tidy now",
    "So ist es aufgeräumt",
    "C'est rangé ainsi",
    "Así está ordenado",
    "Zo is het opgeruimd",
);
/// The button that takes all tasks away.
pub const CLEAR_TASKS: Text = Text::new(
    "Clear tasks",
    "Aufgaben leeren",
    "Effacer les tâches",
    "Borrar tareas",
    "Taken wissen",
);
/// The button that undoes all live changes.
pub const RESET: Text = Text::new(
    "Reset to declared",
    "Auf Einstellungen zurücksetzen",
    "Revenir aux réglages",
    "Restablecer los ajustes",
    "Terug naar instellingen",
);
/// Whether the zone is looked at by itself.
pub const WATCHING: Text = Text::new(
    "Watching",
    "Beobachten",
    "Surveillance",
    "Vigilancia",
    "Bewaken",
);
/// How often.
pub const INTERVAL: Text = Text::new(
    "Interval",
    "Intervall",
    "Intervalle",
    "Intervalo",
    "Interval",
);
/// Below which score it needs cleaning.
pub const THRESHOLD: Text = Text::new("Threshold", "Schwelle", "Seuil", "Umbral", "Drempel");
/// Which provider judges.
pub const PROVIDER: Text = Text::new(
    "Provider",
    "Anbieter",
    "Fournisseur",
    "Proveedor",
    "Aanbieder",
);
/// How small a change is noticed.
pub const SENSITIVITY: Text = Text::new(
    "Sensitivity",
    "Empfindlichkeit",
    "Sensibilité",
    "Sensibilidad",
    "Gevoeligheid",
);
/// The picture.
pub const LAST_FRAME: Text = Text::new(
    "Last frame",
    "Letztes Bild",
    "Dernière image",
    "Última imagen",
    "Laatste beeld",
);
/// What happened.
pub const ASSESSMENT: Text = Text::new(
    "Assessment",
    "Beurteilung",
    "Évaluation",
    "Evaluación",
    "Beoordeling",
);
/// The system in one word.
pub const STATUS: Text = Text::new("Status", "Status", "État", "Estado", "Status");
/// Our version.
pub const VERSION: Text = Text::new("Version", "Version", "Version", "Versión", "Versie");
/// Money spent today.
pub const COST_TODAY: Text = Text::new(
    "Cost today",
    "Kosten heute",
    "Coût aujourd'hui",
    "Coste de hoy",
    "Kosten vandaag",
);
/// Money spent this month.
pub const COST_THIS_MONTH: Text = Text::new(
    "Cost this month",
    "Kosten diesen Monat",
    "Coût ce mois-ci",
    "Coste de este mes",
    "Kosten deze maand",
);
/// Money that this month will take.
pub const COST_FORECAST: Text = Text::new(
    "Cost forecast",
    "Kostenprognose",
    "Prévision des coûts",
    "Previsión de coste",
    "Kostenprognose",
);
/// Calls of providers today.
pub const CALLS_TODAY: Text = Text::new(
    "Calls today",
    "Anfragen heute",
    "Appels aujourd'hui",
    "Llamadas de hoy",
    "Aanvragen vandaag",
);
/// What waits to be done on Home Assistant.
pub const OUTBOX_PENDING: Text = Text::new(
    "Waiting changes",
    "Wartende Änderungen",
    "Modifications en attente",
    "Cambios en espera",
    "Wachtende wijzigingen",
);
/// Since when it runs.
pub const UPTIME: Text = Text::new(
    "Running since",
    "Läuft seit",
    "Démarré le",
    "En marcha desde",
    "Actief sinds",
);
/// Memory in use.
pub const MEMORY: Text = Text::new(
    "Memory",
    "Arbeitsspeicher",
    "Mémoire",
    "Memoria",
    "Geheugen",
);
/// The switch that pauses everything.
pub const PAUSE_ALL: Text = Text::new(
    "Pause everything",
    "Alles anhalten",
    "Tout mettre en pause",
    "Pausar todo",
    "Alles pauzeren",
);
/// The button that makes the dashboard.
pub const MAKE_DASHBOARD: Text = Text::new(
    "Make dashboard",
    "Dashboard anlegen",
    "Créer le tableau de bord",
    "Crear el panel",
    "Dashboard maken",
);
/// Whether we are there.
pub const CONNECTED: Text = Text::new(
    "Connected",
    "Verbunden",
    "Connecté",
    "Conectado",
    "Verbonden",
);
/// Whether something is wrong with Home Assistant.
pub const HOME_ASSISTANT_PROBLEM: Text = Text::new(
    "Home Assistant",
    "Home Assistant",
    "Home Assistant",
    "Home Assistant",
    "Home Assistant",
);
/// Whether something is wrong with the settings.
pub const SETTINGS_PROBLEM: Text = Text::new(
    "Settings",
    "Einstellungen",
    "Réglages",
    "Ajustes",
    "Instellingen",
);
/// Whether something is wrong with the database.
pub const STORE_PROBLEM: Text = Text::new(
    "Database",
    "Datenbank",
    "Base de données",
    "Base de datos",
    "Database",
);
/// Whether something is wrong with the to-do lists.
pub const LISTS_PROBLEM: Text = Text::new(
    "To-do lists",
    "To-do-Listen",
    "Listes de tâches",
    "Listas de tareas",
    "Takenlijsten",
);
/// Whether something is wrong with the providers.
pub const PROVIDERS_PROBLEM: Text = Text::new(
    "Providers",
    "Anbieter",
    "Fournisseurs",
    "Proveedores",
    "Aanbieders",
);
