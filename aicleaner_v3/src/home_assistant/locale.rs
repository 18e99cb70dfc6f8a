//! Follows the home's language and clocks: what the settings declare and what Home Assistant tells, put together once
//! for all who need it. Decides nothing: [`Locale`] does.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::status::HomeInfo;
use crate::i18n::Locale;

/// Keeps `locale` as it should be until `stop`. `language` finds the language of the settings in what is watched; none is
/// Home Assistant's.
pub async fn follow_locale<S>(
    locale: watch::Sender<Locale>,
    mut settings: watch::Receiver<S>,
    language: impl Fn(&S) -> Option<&str>,
    mut home: watch::Receiver<Option<HomeInfo>>,
    stop: CancellationToken,
) {
    loop {
        let new = {
            let (settings, home) = (settings.borrow_and_update(), home.borrow_and_update());
            let told = home
                .as_ref()
                .map(|home| (home.language.as_str(), home.time_zone.as_str()));
            Locale::new(language(&settings), told, Some(&locale.borrow()))
        };
        locale.send_if_modified(|known| {
            let is_new = *known != new;
            *known = new;
            is_new
        });
        tokio::select! {
            () = stop.cancelled() => return,
            Ok(()) = settings.changed() => {}
            Ok(()) = home.changed() => {}
            else => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::messages;

    #[tokio::test]
    async fn the_locale_follows_the_settings_and_the_home() {
        let (declared, home) = (watch::Sender::new(None::<String>), watch::Sender::new(None));
        let stop = CancellationToken::new();
        let known = watch::Sender::new(Locale::default());
        let mut locale = known.subscribe();
        let task = tokio::spawn(follow_locale(
            known,
            declared.subscribe(),
            |declared| declared.as_deref(),
            home.subscribe(),
            stop.clone(),
        ));
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
