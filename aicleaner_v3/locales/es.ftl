### Spanish. Keys that are missing here are read in English and listed by `make lint`.

## Items on to-do lists

item-minutes =
    { $count ->
        [one] Aproximadamente { $count } minuto.
       *[other] Aproximadamente { $count } minutos.
    }

## Names of entities: Home Assistant shows them after the name of their device

entity-command = Orden
entity-cleanliness = Limpieza
entity-open-tasks = Tareas pendientes
entity-estimated-time = Tiempo estimado
entity-needs-cleaning = Necesita limpieza
entity-occupied = Ocupado
entity-last-assessed = Última evaluación
entity-last-skip = Último motivo de omisión
entity-trend = Tendencia
entity-assess-now = Evaluar ahora
entity-tidy-now = Así está ordenado
entity-clear-tasks = Borrar tareas
entity-reset = Restablecer la configuración
entity-watching = Supervisión
entity-interval = Intervalo
entity-threshold = Umbral
entity-provider = Proveedor
entity-sensitivity = Sensibilidad
entity-last-frame = Última imagen
entity-assessment = Evaluación
entity-status = Estado
entity-version = Versión
entity-cost-today = Coste de hoy
entity-cost-this-month = Coste de este mes
entity-cost-forecast = Previsión de coste
entity-calls-today = Llamadas de hoy
entity-outbox-pending = Actualizaciones pendientes
entity-uptime = En marcha desde
entity-memory = Memoria
entity-pause-all = Pausar todo
entity-dashboard = Crear el panel
entity-connected = Conectado
entity-home-assistant-problem = Home Assistant
entity-settings-problem = Ajustes
entity-store-problem = Base de datos
entity-lists-problem = Listas de tareas
entity-providers-problem = Proveedores

## Notifications

notification-mess =
    { $tone ->
        [friendly] ¡Hola! A { $zone } le vendría bien una mano. Por hacer: { $count }.
        [butler] Si me permite: { $zone } aguarda su amable atención. Asuntos: { $count }.
        [coach] ¡Vamos! Logros rápidos te esperan en { $zone }: { $count }.
       *[plain] Por ordenar: { $count }.
    }

notification-tidy =
    { $tone ->
        [friendly] Todo ordenado. { $zone } está precioso, ¡gracias!
        [butler] { $zone } vuelve a estar en perfecto orden.
        [coach] ¡Hecho! { $zone } está en orden. ¡Gran trabajo!
       *[plain] Todo ordenado.
    }

notification-digest =
    { $tone ->
        [friendly] Así está hoy la casa. Queda por hacer: { $count }.
        [butler] Su informe diario, si le place. Pendiente: { $count }.
        [coach] ¡Marcador del día! Aún en la pizarra: { $count }.
       *[plain] Queda por hacer: { $count }.
    }

notification-digest-tidy =
    { $tone ->
        [friendly] Hoy no hay nada que hacer. ¡A disfrutar!
        [butler] Me complace informarle de que todo está en orden.
        [coach] Puntuación perfecta: nada que hacer. ¡Sigue así!
       *[plain] Nada que hacer.
    }

notification-task = { $task } ({ $minutes } min)
notification-zone = { $zone }: { $count }
notification-zone-scored = { $zone }: { $count } ({ $score } %)
notification-more = y { $count } más

notification-assess = Evaluar otra vez
notification-done = Hecho
notification-dismiss = Descartar

## Dashboard

dashboard-failed = AICleaner: sin panel
dashboard-not-ours = En /{ $path } hay un panel que AICleaner no ha creado, así que lo deja como está.
dashboard-not-ours-remedy = Elimínalo o cámbiale el nombre y vuelve a intentarlo.
