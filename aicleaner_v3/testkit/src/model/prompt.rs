//! Reads the open tasks out of a prompt: lines `- t1: TITLE (LOCATION)` after a line `Open tasks:`.
//! It reads nothing else of the prompt; the rest is for real models.

/// A task that the prompt says is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenTask {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) location: Option<String>,
}

/// The open tasks of a prompt, in order.
pub(super) fn open_tasks(instructions: &str) -> Vec<OpenTask> {
    instructions
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("Open tasks:"))
        .skip(1)
        .map_while(|line| line.strip_prefix("- "))
        .filter_map(read_task)
        .collect()
}

fn read_task(line: &str) -> Option<OpenTask> {
    let (id, rest) = line.split_once(':')?;
    let rest = rest.trim();
    let with_location = rest
        .strip_suffix(')')
        .and_then(|inside| inside.rsplit_once('('));
    let (title, location) = match with_location {
        Some((title, location)) => (title.trim(), Some(location.trim().to_owned())),
        None => (rest, None),
    };
    Some(OpenTask {
        id: id.trim().to_owned(),
        title: title.to_owned(),
        location,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_read_from_their_section_only() {
        let prompt = "Look.\n- t9: Not a task (here)\n\nOpen tasks:\n- t1: Pick up the socks (floor)\n- t2: Wipe: the table\n\nAnswer.\n- t3: No (x)";

        let tasks = open_tasks(prompt);

        let task = |id: &str, title: &str, location: Option<&str>| OpenTask {
            id: id.to_owned(),
            title: title.to_owned(),
            location: location.map(str::to_owned),
        };
        assert_eq!(
            tasks,
            [
                task("t1", "Pick up the socks", Some("floor")),
                task("t2", "Wipe: the table", None)
            ]
        );
    }

    #[test]
    fn a_prompt_without_the_section_has_no_tasks() {
        assert_eq!(open_tasks("- t1: Pick up the socks (floor)"), []);
    }
}
