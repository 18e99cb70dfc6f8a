### The English texts: the source of all keys and their arguments, and what is read where another language lacks a key.
### Arguments are declared as `# $name (Number) - …` or `# $name (String) - …`; `make generate` makes a typed
### constructor of each message from this. Messages don't refer to other messages.

## Items on to-do lists

# How long a task takes, at the end of its description.
# $count (Number) - Minutes.
item-minutes =
    { $count ->
        [one] About { $count } minute.
       *[other] About { $count } minutes.
    }

## Names of entities: Home Assistant shows them after the name of their device

entity-command = Command
entity-cleanliness = Cleanliness
entity-open-tasks = Open tasks
entity-estimated-time = Estimated time
entity-needs-cleaning = Needs cleaning
entity-occupied = Occupied
entity-last-assessed = Last assessed
entity-last-skip = Last skip reason
entity-trend = Trend
entity-assess-now = Assess now
entity-tidy-now = This is tidy now
entity-clear-tasks = Clear tasks
entity-reset = Reset to configuration
entity-watching = Monitoring
entity-interval = Interval
entity-threshold = Threshold
entity-provider = Provider
entity-sensitivity = Sensitivity
entity-last-frame = Last frame
entity-assessment = Assessment
entity-status = Status
entity-version = Version
entity-cost-today = Cost today
entity-cost-this-month = Cost this month
entity-cost-forecast = Cost forecast
entity-calls-today = Calls today
entity-outbox-pending = Pending updates
entity-uptime = Running since
entity-memory = Memory
entity-pause-all = Pause everything
entity-dashboard = Make dashboard
entity-connected = Connected
entity-home-assistant-problem = Home Assistant
entity-settings-problem = Settings
entity-store-problem = Database
entity-lists-problem = To-do lists
entity-providers-problem = Providers

## Notifications

# A mess was found; the tasks follow, one a line.
# $tone (String) - plain, friendly, butler or coach.
# $zone (String) - The zone's name.
# $count (Number) - Open tasks.
notification-mess =
    { $tone ->
        [friendly] Hi! { $zone } could use a hand. To do: { $count }.
        [butler] If I may: { $zone } awaits your kind attention. Matters at hand: { $count }.
        [coach] Let's go! Quick wins waiting in { $zone }: { $count }.
       *[plain] To tidy up: { $count }.
    }

# Nothing is left to do.
# $tone (String) - plain, friendly, butler or coach.
# $zone (String) - The zone's name.
notification-tidy =
    { $tone ->
        [friendly] All tidy. { $zone } looks lovely, thank you!
        [butler] { $zone } is in perfect order once more.
        [coach] Done! { $zone } is all tidy. Great work!
       *[plain] All tidy.
    }

# How all zones stand; one line each follows.
# $tone (String) - plain, friendly, butler or coach.
# $count (Number) - Open tasks.
notification-digest =
    { $tone ->
        [friendly] Here is how your home looks today. Still to do: { $count }.
        [butler] Your daily report, if you please. Outstanding: { $count }.
        [coach] Day's score! Still on the board: { $count }.
       *[plain] Still to do: { $count }.
    }

# The digest of a home where nothing is open.
# $tone (String) - plain, friendly, butler or coach.
notification-digest-tidy =
    { $tone ->
        [friendly] Nothing to do today. Enjoy it!
        [butler] I am pleased to report that all is in order.
        [coach] Perfect score: nothing to do. Keep it up!
       *[plain] Nothing to do.
    }

# A task in a notification, with how long it takes.
# $task (String) - Its title.
# $minutes (Number) - Minutes.
notification-task = { $task } ({ $minutes } min)
# A zone in the digest.
# $zone (String) - Its name.
# $count (Number) - Its open tasks.
notification-zone = { $zone }: { $count }
# The same with its score.
# $zone (String) - Its name.
# $count (Number) - Its open tasks.
# $score (Number) - Its score in percent.
notification-zone-scored = { $zone }: { $count } ({ $score } %)
# After the lines that are shown: how many more there are.
# $count (Number) - Lines that are not shown.
notification-more = and { $count } more

# The button that asks for a check.
notification-assess = Assess again
# The button that says that all of it is done.
notification-done = Done
# The button that says that none of it is to be done.
notification-dismiss = Dismiss

## Dashboard

# The title of the notification that tells why there is no dashboard.
dashboard-failed = AICleaner: no dashboard
# Somebody else made one of that name.
# $path (String) - Where it is.
dashboard-not-ours = There is a dashboard at /{ $path } that AICleaner did not make, so it is left alone.
# What can be done about it.
dashboard-not-ours-remedy = Remove or rename it, then try again.

## Checks that were not made or went no further, one for each state of the entity "Last skip reason"

skip-paused = AICleaner is paused.
skip-not-watching = Monitoring of the zone is switched off.
skip-waiting-for-home = Home Assistant is not ready yet.
skip-quiet-hours = It is a time range without checks.
skip-nobody-home = Nobody is home, and the zone is checked only when somebody is.
skip-somebody-home = Somebody may be home, and the zone is checked only when nobody is.
skip-occupied = Somebody is in the room, or was a moment ago.
skip-occupancy-unknown = No occupancy sensor of the zone says whether somebody is there.
skip-camera-unavailable = No camera of the zone is available.
skip-unchanged = Nothing changed since the last assessment.
skip-moving = Something in the picture is moving.
skip-dark = It is too dark to see anything.
skip-blown-out = The picture is too bright to see anything.
skip-blurred = The picture is blurred.
skip-covered = Something covers the camera.
skip-frozen = The camera sends the same picture again and again.
skip-cap-reached = The budget is used up.

## Commands that were not done

refusal-unknown-zone = There is no such zone.
refusal-unknown-camera = The zone has no such camera.
refusal-unknown-task = The task is not open any more.
refusal-busy = Too many requests are waiting. Try again in a moment.
refusal-stopping = AICleaner is stopping.
refusal-too-many-shapes = A camera can have at most 64 masks and 64 regions.
refusal-dashboard-not-ours = AICleaner did not make the dashboard at this path, so it is left alone. Remove or rename it first.
refusal-not-stored = The change could not be saved, so nothing was changed.

## Error codes: one sentence each, and what can be done about it. The arguments $entity and $name are "none" where they
## are not known. Where the remedy depends on how AICleaner runs, there is one for the app, the container or the
## standalone binary beside the one for all others.

aic-set-001 = The settings can't be read.
    .remedy = Check that the settings file exists, can be read, and is valid YAML or JSON.
    .remedy-app = Open Settings > Apps > AICleaner > Configuration and save it again.

aic-set-002 = A setting has a value that is not allowed.
    .remedy = Correct the value at the named path in the settings, then restart AICleaner.
    .remedy-app = Correct the value at the named path in Settings > Apps > AICleaner > Configuration.

# $name (String) - The settings, separated by commas.
aic-set-003 =
    { $name ->
        [none] Changed settings take effect after a restart.
       *[other] Changed settings take effect after a restart: { $name }.
    }
    .remedy = Restart AICleaner.
    .remedy-app = Open Settings > Apps > AICleaner and restart it.
    .remedy-container = Restart the container.

aic-set-004 = The changed settings can't be used, keeping the previous configuration.
    .remedy = Correct the settings file. The log names the value.
    .remedy-app = Correct the settings in Settings > Apps > AICleaner > Configuration. The log names the value.

aic-set-005 = No zone is set up.
    .remedy = Add a zone with a camera to the settings file.
    .remedy-app = Add a zone with a camera in Settings > Apps > AICleaner > Configuration.

aic-sto-001 = The data folder can't be used.
    .remedy = Check that the data folder exists, is writable, and that no other AICleaner uses it.
    .remedy-container = Check that a volume is mounted at /data, is writable, and that no other AICleaner uses it.

aic-sto-002 = The database can't be used.
    .remedy = Check the free space and the health of the disk that holds the data folder.

aic-sto-003 = The database was made by a newer version of AICleaner.
    .remedy = Install the newer version of AICleaner again, or restore the backup made before the upgrade.

aic-sto-004 = The disk is full.
    .remedy = Free some space on the disk that holds the data folder. Until then tasks are kept, but past assessments are not.

aic-sto-005 = The database was broken or missing and was replaced by a copy.
    .remedy = Nothing to do: AICleaner goes on from its last good copy. Tasks and scores since then may be missing; check the disk.

aic-ha-001 = Home Assistant can't be reached.
    .remedy = Check that Home Assistant runs and that the URL is right. AICleaner keeps trying.
    .remedy-app = Check that Home Assistant runs. AICleaner keeps trying.

aic-ha-002 = Home Assistant does not accept the access token.
    .remedy = Make a new long-lived access token in your Home Assistant profile and put it into the settings.
    .remedy-app = Restart the app, so that Supervisor gives it a new token.

aic-ha-003 = Home Assistant is still starting.
    .remedy = Nothing to do: AICleaner goes on when Home Assistant has started.

aic-ha-004 = Home Assistant refused a command or gave an unexpected answer.
    .remedy = Look at Home Assistant's own log for the reason.

# $entity (String) - The to-do list.
aic-ha-005 =
    { $entity ->
        [none] The to-do list does not exist.
       *[other] The to-do list { $entity } does not exist.
    }
    .remedy = Choose an existing to-do list for the zone, or create the list in Home Assistant.
    .remedy-app = Choose an existing to-do list for the zone in Settings > Apps > AICleaner > Configuration, or create the list in Home Assistant.

# $entity (String) - The to-do list.
aic-ha-006 =
    { $entity ->
        [none] The to-do list can't do what AICleaner needs.
       *[other] The to-do list { $entity } can't do what AICleaner needs.
    }
    .remedy = Check the to-do list in Home Assistant, or choose another list for the zone.

aic-ha-007 = Only an administrator may make a dashboard.
    .remedy = Make the long-lived access token with an administrator's account, or make a dashboard by hand.

aic-ha-008 = Connecting to Home Assistant.
    .remedy = Nothing to do: this takes a moment.

# $entity (String) - The to-do list.
aic-ha-009 =
    { $entity ->
        [none] The to-do list is unavailable, to-do sync is delayed.
       *[other] The to-do list { $entity } is unavailable, to-do sync is delayed.
    }
    .remedy = Check the integration of the to-do list in Home Assistant. AICleaner keeps trying.

# $entity (String) - The camera.
aic-cam-001 =
    { $entity ->
        [none] The camera does not exist.
       *[other] The camera { $entity } does not exist.
    }
    .remedy = Choose an existing camera for the zone.
    .remedy-app = Choose an existing camera for the zone in Settings > Apps > AICleaner > Configuration.

# $entity (String) - The camera.
aic-cam-002 =
    { $entity ->
        [none] The camera is off or unavailable.
       *[other] The camera { $entity } is off or unavailable.
    }
    .remedy = Switch the camera on. AICleaner tries again at the next check.

# $entity (String) - The camera.
aic-cam-003 =
    { $entity ->
        [none] The camera gave no picture that can be used.
       *[other] The camera { $entity } gave no picture that can be used.
    }
    .remedy = Open the camera in Home Assistant and check that it shows a picture.

# $entity (String) - The camera.
aic-cam-004 =
    { $entity ->
        [none] The camera's picture is too large.
       *[other] The picture of the camera { $entity } is too large.
    }
    .remedy = Choose a smaller picture size in the camera's own settings.

# $entity (String) - The camera.
aic-cam-005 =
    { $entity ->
        [none] The camera did not answer in time.
       *[other] The camera { $entity } did not answer in time.
    }
    .remedy = Check the camera's connection. AICleaner tries again at the next check.

aic-mq-001 = The MQTT broker can't be reached.
    .remedy = Check that the MQTT broker runs and that host and port are right. AICleaner keeps trying.
    .remedy-app = Check that the MQTT broker runs, for example in Settings > Apps > Mosquitto broker. AICleaner keeps trying.

aic-mq-002 = The MQTT broker does not accept the user name or the password.
    .remedy = Check the MQTT user name and password in the settings.
    .remedy-app = Check the MQTT user name and password in Settings > Apps > AICleaner > Configuration, or clear them to use the Mosquitto broker app.

aic-mq-003 = No MQTT broker is known.
    .remedy = Enter an MQTT broker in the settings.
    .remedy-app = Install the Mosquitto broker app, or enter a broker in Settings > Apps > AICleaner > Configuration.

aic-mq-004 = A message over MQTT could not be understood.
    .remedy = Send ON or OFF to switches and PRESS to buttons.

aic-mq-005 = A message over MQTT is too large.
    .remedy = Choose a smaller picture size, and take messages of more than 1 MiB off AICleaner's topics.

aic-mq-006 = Another MQTT client uses AICleaner's client id.
    .remedy = Give every AICleaner that shares a broker an instance name of its own, and stop the one that is too many.

aic-mq-007 = Connecting to the MQTT broker.
    .remedy = Nothing to do: this takes a moment.

aic-pro-001 = No provider can be used.
    .remedy = Set up an AI Task entity in Home Assistant (Settings, Voice assistants or an AI integration), or name another provider.

# $name (String) - The provider.
aic-pro-002 =
    { $name ->
        [none] The provider could not be asked.
       *[other] The provider { $name } could not be asked.
    }
    .remedy = Look at the log of the provider's integration in Home Assistant. AICleaner tries again at the next check.

# $name (String) - The provider.
aic-pro-003 =
    { $name ->
        [none] The provider's answer could not be understood.
       *[other] The answer of the provider { $name } could not be understood.
    }
    .remedy = Try again, or choose a model that follows instructions better.

# $name (String) - The provider.
aic-pro-004 =
    { $name ->
        [none] The provider did not answer in time.
       *[other] The provider { $name } did not answer in time.
    }
    .remedy = Choose a faster model, or give the provider a longer time limit.

aic-pro-005 = Home Assistant does not accept pictures for AI Task.
    .remedy = Enable the image_upload integration (part of default_config), or allow `own_camera_source` for the provider.

# $name (String) - The provider.
aic-pro-006 =
    { $name ->
        [none] The provider does not accept the key.
       *[other] The provider { $name } does not accept the key.
    }
    .remedy = Copy the key from the service's own page again, and check that it may use the chosen model.

# $name (String) - The provider.
aic-pro-007 =
    { $name ->
        [none] The provider does not have the model.
       *[other] The provider { $name } does not have the model.
    }
    .remedy = Choose a model that the service has; for Ollama, pull it first.

# $name (String) - The provider.
aic-pro-008 =
    { $name ->
        [none] The provider's model does not see pictures.
       *[other] The model of the provider { $name } does not see pictures.
    }
    .remedy = Choose a model that takes pictures. With AI Task, check that its integration hands attachments on.

# $name (String) - The provider.
aic-pro-009 =
    { $name ->
        [none] The provider's quota or credit is used up.
       *[other] The quota or credit of the provider { $name } is used up.
    }
    .remedy = Wait for the quota's reset, raise it at the service, or name a second provider.

# $name (String) - The provider.
aic-pro-010 =
    { $name ->
        [none] The provider is asked too often.
       *[other] The provider { $name } is asked too often.
    }
    .remedy = Nothing to do at once: AICleaner waits. Check less often, or name a second provider.

# $name (String) - The provider.
aic-pro-011 =
    { $name ->
        [none] The provider is overloaded.
       *[other] The provider { $name } is overloaded.
    }
    .remedy = Nothing to do: AICleaner tries again by itself. A second provider bridges such times.

# $name (String) - The provider.
aic-pro-012 =
    { $name ->
        [none] The provider refuses to judge the picture.
       *[other] The provider { $name } refuses to judge the picture.
    }
    .remedy = Mask what the service may not like, or name another provider for the zone.

# $name (String) - The provider.
aic-pro-013 =
    { $name ->
        [none] The provider does not accept the request.
       *[other] The provider { $name } does not accept the request.
    }
    .remedy = Look at the diagnostic log for the service's own words; check model and base_url.

# $name (String) - The provider.
aic-pro-014 =
    { $name ->
        [none] The provider can't be reached.
       *[other] The provider { $name } can't be reached.
    }
    .remedy = Check the network and the provider's base_url. AICleaner tries again at the next check.

aic-pro-015 = The budget is used up.
    .remedy = Wait for the next day or month, raise the cap, or name a free provider.
    .remedy-app = Wait for the next day or month, raise the cap in Settings > Apps > AICleaner > Configuration, or name a free provider.

# $name (String) - The provider.
aic-pro-016 =
    { $name ->
        [none] The provider is temporarily disabled (circuit open).
       *[other] The provider { $name } is temporarily disabled (circuit open).
    }
    .remedy = Nothing to do: AICleaner tries again by itself. A second provider bridges such times.

aic-web-001 = A port could not be opened.
    .remedy = Choose another port, or end the program that uses it.

aic-run-001 = The program could not give up root.
    .remedy = Start the container with the capabilities CHOWN, SETUID, SETGID and SETPCAP, or as another user than root.

aic-vis-001 = The picture file could not be judged.
    .remedy = Use a whole JPEG, PNG or WebP picture within the limits.

## The page

page-running = All is well: connected and watching.
page-degraded = Connected, but this needs attention:
page-no-zones = Connected.
page-paused = Everything is paused.
page-waiting = Not ready. Waiting for:
# The picture's description for those who do not see it.
# $zone (String) - The zone's name.
page-last-picture = Last picture of { $zone }
page-not-assessed = Not assessed yet.
page-monitoring-off = Monitoring is switched off.
# $reason (String) - A sentence.
page-check-failed = The last check failed: { $reason }
# $reason (String) - A sentence.
page-check-skipped = The last check was skipped: { $reason }
page-nothing-to-do = Nothing to do.
# $time (String) - Date and time by the home's clocks.
page-last-assessed = Last assessed { $time }
page-proposal = Zones that your home could have
page-proposal-hint = Made from the areas that have cameras. Copy what you like into the settings:
# $version (String) - AICleaner's version.
page-version = Version { $version }

## The notification about the settings in Home Assistant

notice-title = AICleaner: check the settings
notice-not-started = AICleaner can't start its work:
