//! A real Home Assistant Core with a throw-away home: onboarded, with the cameras, lists and services a test asks for.
//! Must never share anything with another one but the read-only folder that Core runs from.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::core_process::{CoreProcess, prepare};
use super::{Client, Error, config_flows, config_folder, in_time, onboarding, port};

const RUNNING_WITHIN: Duration = Duration::from_secs(90);
const STOPPED_WITHIN: Duration = Duration::from_secs(60);

/// The MQTT broker Home Assistant connects to.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// Name and password, if it wants them.
    pub user: Option<(String, String)>,
}

/// The Ollama server behind the AI Task entity.
#[derive(Clone, Debug)]
pub struct Ollama {
    /// Where it is, as `http://127.0.0.1:PORT`.
    pub url: String,
    /// A model it has, with its tag, as in `llava:latest`: Home Assistant pulls one that it lacks.
    pub model: String,
}

/// What the home has. The default has nothing but Home Assistant itself.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The broker of the `mqtt` integration.
    pub mqtt: Option<Broker>,
    /// Names of `local_todo` lists, as people write them: "Chores".
    pub todo_lists: Vec<String>,
    /// Cameras that show a JPEG file: name (`a-z0-9_`) and first picture. See [`HomeAssistant::set_picture`].
    pub picture_cameras: Vec<(String, Vec<u8>)>,
    /// Cameras that fetch a still picture: name (`a-z0-9_`) and address.
    pub url_cameras: Vec<(String, String)>,
    /// The server of Home Assistant's own `ollama` integration.
    pub ollama: Option<Ollama>,
    /// Whether there is a shopping list.
    pub shopping_list: bool,
}

/// A running Home Assistant. Dropping it kills it; [`HomeAssistant::stop`] lets it end by itself.
pub struct HomeAssistant {
    client: Client,
    core: CoreProcess,
    folder: Arc<TempDir>,
    todo_lists: Vec<String>,
    cameras: Vec<String>,
    ai_task: Option<String>,
}

impl HomeAssistant {
    /// Starts one with a fresh home and waits until its state is RUNNING and everything asked for is there. The first
    /// start on a machine prepares Core, which takes minutes.
    ///
    /// # Errors
    /// `NotRoot`, `Prepare`, or what else keeps it from starting.
    pub async fn start(options: &Options) -> Result<Self, Error> {
        let root = prepare().await?;
        let folder = tempfile::Builder::new()
            .prefix("home-assistant-")
            .tempdir()
            .map_err(Error::io("cannot make a folder for Home Assistant"))?;
        let folder = Arc::new(folder);
        let port = port::free()?;
        config_folder::write(folder.path(), port).await?;
        let core = CoreProcess::start(root, Arc::clone(&folder));
        core.wait_until_listening(1).await?;
        let client = onboard_when_ready(&core, &format!("http://127.0.0.1:{port}")).await?;
        client.wait_until_running(RUNNING_WITHIN).await?;
        let mut home = Self {
            client,
            core,
            folder,
            todo_lists: Vec::new(),
            cameras: Vec::new(),
            ai_task: None,
        };
        home.furnish(options).await?;
        Ok(home)
    }

    /// Adds what `options` ask for to what the home has.
    ///
    /// # Errors
    /// `Refused` when Home Assistant does not take it.
    pub async fn furnish(&mut self, options: &Options) -> Result<(), Error> {
        if let Some(broker) = &options.mqtt {
            self.add_mqtt(broker).await?;
        }
        for name in &options.todo_lists {
            let entry = config_flows::add_entry(
                &self.client,
                "local_todo",
                &[json!({"todo_list_name": name})],
            )
            .await?;
            self.todo_lists
                .push(config_flows::entity_of(&self.client, &entry, "todo").await?);
        }
        for (name, picture) in &options.picture_cameras {
            self.set_picture(name, picture).await?;
            let path = format!("{}/pictures/{name}.jpg", config_folder::INSIDE);
            self.add_camera(name, "local_file", &[json!({"file_path": path})])
                .await?;
        }
        for (name, url) in &options.url_cameras {
            let settings = json!({"framerate": 2, "verify_ssl": false, "authentication": "basic"});
            let answers = [
                json!({"still_image_url": url, "advanced": settings}),
                json!({"confirmed_ok": true}),
            ];
            self.add_camera(name, "generic", &answers).await?;
        }
        if let Some(ollama) = &options.ollama {
            self.add_ollama(ollama).await?;
        }
        if options.shopping_list {
            let entry =
                config_flows::add_entry(&self.client, "shopping_list", &[json!({})]).await?;
            self.todo_lists
                .push(config_flows::entity_of(&self.client, &entry, "todo").await?);
        }
        Ok(())
    }

    async fn add_mqtt(&self, broker: &Broker) -> Result<(), Error> {
        let mut answer = json!({
            "broker": "127.0.0.1",
            "port": broker.port,
            "protocol": "5",
            "other_settings": {"set_client_cert": false, "set_ca_cert": "off"},
        });
        if let Some((user, password)) = &broker.user {
            answer["username"] = json!(user);
            answer["password"] = json!(password);
        }
        config_flows::add_entry(&self.client, "mqtt", &[answer]).await?;
        Ok(())
    }

    async fn add_camera(
        &mut self,
        name: &str,
        integration: &str,
        answers: &[Value],
    ) -> Result<(), Error> {
        let entry = config_flows::add_entry(&self.client, integration, answers).await?;
        let given = config_flows::entity_of(&self.client, &entry, "camera").await?;
        let wanted = format!("camera.{name}");
        config_flows::rename_entity(&self.client, &given, &wanted).await?;
        self.cameras.push(wanted);
        Ok(())
    }

    async fn add_ollama(&mut self, ollama: &Ollama) -> Result<(), Error> {
        let entry =
            config_flows::add_entry(&self.client, "ollama", &[json!({"url": ollama.url})]).await?;
        let task = json!({"name": "Ollama AI Task", "model": ollama.model, "num_ctx": 8192, "max_history": 20, "keep_alive": -1, "think": false});
        config_flows::add_subentry(&self.client, &entry, "ai_task_data", &[task]).await?;
        self.ai_task = Some(config_flows::entity_of(&self.client, &entry, "ai_task").await?);
        Ok(())
    }

    /// Its REST API and websocket, as the home's owner.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where it is, as `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.client.url()
    }

    /// A long-lived token of the home's owner.
    #[must_use]
    pub fn token(&self) -> &str {
        self.client.token()
    }

    /// The entity ids of the to-do lists, in the order they were asked for.
    #[must_use]
    pub fn todo_lists(&self) -> &[String] {
        &self.todo_lists
    }

    /// The entity ids of the cameras: those with pictures first, `camera.NAME` each.
    #[must_use]
    pub fn cameras(&self) -> &[String] {
        &self.cameras
    }

    /// The entity id of the AI task that the Ollama server answers.
    #[must_use]
    pub fn ai_task(&self) -> Option<&str> {
        self.ai_task.as_deref()
    }

    /// Changes what a picture camera shows. The next snapshot has it.
    ///
    /// # Errors
    /// `Io` when the file cannot be written.
    pub async fn set_picture(&self, name: &str, picture: &[u8]) -> Result<(), Error> {
        config_folder::write_file(
            &self
                .folder
                .path()
                .join("pictures")
                .join(format!("{name}.jpg")),
            picture,
        )
        .await
    }

    /// Puts a file into the configuration folder, at a path below it.
    ///
    /// # Errors
    /// `Io` when it cannot be written.
    pub async fn write_config(&self, path: &str, content: &[u8]) -> Result<(), Error> {
        let file = self.folder.path().join(path);
        if let Some(folder) = file.parent() {
            let made = tokio::fs::create_dir_all(folder).await;
            made.map_err(Error::io("cannot make a folder of the configuration"))?;
        }
        config_folder::write_file(&file, content).await
    }

    /// What Core logged, over all its runs: warnings and worse, and what MQTT and HTTP do.
    #[must_use]
    pub fn log_text(&self) -> String {
        self.core.log().text()
    }

    /// Calls `homeassistant.restart` and waits until Core is RUNNING again.
    ///
    /// # Errors
    /// `Ended` when it does not come back.
    pub async fn restart(&self) -> Result<(), Error> {
        let next = self.core.run() + 1;
        self.client
            .call_service("homeassistant", "restart", &json!({}))
            .await?;
        self.core.wait_until_listening(next).await?;
        self.client.wait_until_running(RUNNING_WITHIN).await
    }

    /// Calls `homeassistant.stop` and waits until Core has ended; a Core that hangs is killed.
    ///
    /// # Errors
    /// `Timeout` when it hung.
    pub async fn stop(self) -> Result<(), Error> {
        let stopped = in_time("Home Assistant's stop", STOPPED_WITHIN, async {
            self.client
                .call_service("homeassistant", "stop", &json!({}))
                .await?;
            self.core.wait_until_ended().await;
            Ok(())
        })
        .await;
        self.core.kill().await;
        stopped
    }
}

async fn onboard_when_ready(core: &CoreProcess, url: &str) -> Result<Client, Error> {
    tokio::select! {
        client = onboarding::onboard(url) => client,
        status = core.wait_until_ended() => Err(Error::refused("the onboarding", &format!("Core ended ({status})"))),
    }
}
