//! Ignore rules: plain words such as "the guitar on the sofa". A finding is ignored when all that the rule
//! names is in its title or its location.

use crate::model::Finding;

use super::words::{contains, opposed};

/// Whether one of `rules` says that `finding` is never a task.
pub fn is_ignored(finding: &Finding, rules: &[String]) -> bool {
    let text = format!("{} {}", finding.title, finding.location);
    rules
        .iter()
        .any(|rule| contains(&text, rule) && !opposed(&text, rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Confidence;

    fn finding(title: &str, location: &str) -> Finding {
        Finding {
            location: location.to_owned(),
            ..Finding::new(title, Confidence::CERTAIN)
        }
    }

    #[test]
    fn a_rule_matches_what_it_names_and_nothing_else() {
        let rules = ["The guitar on the sofa".to_owned()];

        assert!(is_ignored(&finding("Put the guitar away", "sofa"), &rules));
        assert!(!is_ignored(&finding("Put the guitar away", "bed"), &rules));
        assert!(!is_ignored(
            &finding("Straighten the cushions", "sofa"),
            &rules
        ));
        assert!(!is_ignored(
            &finding("Wipe the table", ""),
            &["".to_owned()]
        ));
    }

    #[test]
    fn rules_work_in_other_languages() {
        let rules = ["die Gitarre".to_owned()];

        assert!(is_ignored(
            &finding("Räume die Gitarre weg", "Sofa"),
            &rules
        ));
    }
}
