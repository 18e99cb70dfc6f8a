//! Makes the first user of a fresh Home Assistant and a long-lived token, as a browser would.
//! Must never be used on a Home Assistant that has users.

use serde_json::json;

use super::{Client, Error};

const USER: &str = "tester";
const PASSWORD: &str = "only-for-tests";
const TOKEN_DAYS: u32 = 365;

/// Goes through the onboarding at `url` and returns a client with a long-lived token.
///
/// # Errors
/// `Refused` when a step is not accepted.
pub async fn onboard(url: &str) -> Result<Client, Error> {
    let client_id = format!("{url}/");
    let stranger = Client::new(url, "")?;
    let user = json!({"name": "Tester", "username": USER, "password": PASSWORD, "client_id": client_id, "language": "en"});
    let created = stranger.rest_post("/api/onboarding/users", &user).await?;
    let code = created["auth_code"].as_str().unwrap_or_default();

    // Neither the code (hexadecimal) nor the address holds anything that a form would have to escape.
    let form = format!("grant_type=authorization_code&code={code}&client_id={client_id}");
    let tokens = stranger.post_form("/auth/token", form).await?;
    let browser = Client::new(url, tokens["access_token"].as_str().unwrap_or_default())?;
    let finish = json!({"client_id": client_id, "redirect_uri": client_id});
    browser
        .rest_post("/api/onboarding/integration", &finish)
        .await?;

    let wanted = json!({"type": "auth/long_lived_access_token", "client_name": "tests", "lifespan": TOKEN_DAYS});
    let token = browser.ws_command(&wanted).await?;
    Client::new(url, token.as_str().unwrap_or_default())
}
