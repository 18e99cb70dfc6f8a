//! Follows the home's language and clocks: what the settings declare and what Home Assistant tells, put together once
//! for all who need it. Decides nothing: [`Locale`] does.

use std::future::Future;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::status::HomeInfo;
use crate::i18n::Locale;

/// The locale as it is now, and the task that keeps it so until `stop`. `declared` is the language of the settings; none
/// is Home Assistant's.
pub fn follow_locale(
    mut declared: watch::Receiver<Option<String>>,
    mut home: watch::Receiver<Option<HomeInfo>>,
    stop: CancellationToken,
) -> (watch::Receiver<Locale>, impl Future<Output = ()> + Send) {
    let (known, locale) = watch::channel(now(&mut declared, &mut home, None));
    let follow = async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                Ok(()) = declared.changed() => {}
                Ok(()) = home.changed() => {}
                else => return,
            }
            let new = now(&mut declared, &mut home, Some(&known.borrow()));
            known.send_if_modified(|shown| {
                let is_new = *shown != new;
                *shown = new;
                is_new
            });
        }
    };
    (locale, follow)
}

fn now(
    declared: &mut watch::Receiver<Option<String>>,
    home: &mut watch::Receiver<Option<HomeInfo>>,
    before: Option<&Locale>,
) -> Locale {
    let (declared, home) = (declared.borrow_and_update(), home.borrow_and_update());
    let told = home
        .as_ref()
        .map(|home| (home.language.as_str(), home.time_zone.as_str()));
    Locale::new(declared.as_deref(), told, before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::messages;

    #[tokio::test]
    async fn the_locale_follows_the_settings_and_the_home() {
        let (declared, home) = (watch::Sender::new(None), watch::Sender::new(None));
        let stop = CancellationToken::new();
        let (mut locale, follow) =
            follow_locale(declared.subscribe(), home.subscribe(), stop.clone());
        let task = tokio::spawn(follow);
        assert!(!locale.borrow().is_known());

        home.send_replace(Some(HomeInfo {
            location_name: "Casa".to_owned(),
            time_zone: "Europe/Madrid".to_owned(),
            language: "es".to_owned(),
            version: "2026.11.0".to_owned(),
        }));
        locale.changed().await.unwrap();
        let of_home = locale.borrow_and_update().clone();
        declared.send_replace(Some("fr-CA".to_owned()));
        locale.changed().await.unwrap();
        let of_settings = locale.borrow_and_update().clone();

        let said = |locale: &Locale| locale.texts.render(&messages::entity_cleanliness());
        assert_eq!(said(&of_home), "Limpieza");
        assert_eq!(said(&of_settings), "Propreté");
        assert_eq!(of_settings.language(), "fr-CA");
        assert_eq!(of_settings.time_zone, of_home.time_zone);
        stop.cancel();
        task.await.unwrap();
    }
}
