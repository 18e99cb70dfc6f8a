//! Giving up root. Supervisor starts the container as root with a data folder of root's: this hands the folder to the
//! program's own user and becomes that user for good, without capabilities and without a way to get any.
//! It must run before anything else: before a thread, a port, or a byte of input. It never starts a thread, and it
//! never leaves the program half way: what can't be given up is an error, and the program ends.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, lchown};
use std::path::{Path, PathBuf};

use rustix::process::{Gid, Uid, geteuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, capability_is_in_bounding_set,
    clear_ambient_capability_set, remove_capability_from_bounding_set, set_capabilities,
    set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};

use crate::telemetry::Code;

/// The environment variable with the user to become when started as root: its number, which is its group's too.
/// The image sets it; without it nothing is given up.
pub const RUN_AS: &str = "AICLEANER_RUN_AS";

/// How deep folders are handed over: ours are two deep.
const DEEPEST: usize = 8;

/// Root could not be given up.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegesError {
    /// The variable names no user.
    #[error("{RUN_AS} is {0:?}, expected the number of a user other than root, from 1 to 65535")]
    NoUser(String),
    /// A file could not be handed over.
    #[error("{path} can't be handed to user {user}: {reason}")]
    HandOver {
        /// Which file.
        path: PathBuf,
        /// To whom.
        user: u32,
        /// Why not.
        reason: io::Error,
    },
    /// The system refused a step.
    #[error("root can't be given up: {step} failed: {reason}")]
    Refused {
        /// Which step.
        step: &'static str,
        /// Why.
        reason: io::Error,
    },
    /// All steps were taken, and something is left.
    #[error("root can't be given up: {0} is left")]
    Left(&'static str),
}

impl PrivilegesError {
    /// The code for people.
    pub fn code(&self) -> Code {
        Code::RootKept
    }
}

/// If `run_as` names a user: forbids itself to gain anything, and if we are root, becomes that user. `data` goes to
/// that user first.
///
/// # Errors
/// When anything of root would be left.
pub fn give_up_root(run_as: Option<&str>, data: Option<&Path>) -> Result<(), PrivilegesError> {
    let Some(run_as) = run_as else {
        return Ok(());
    };
    set_no_new_privs(true).map_err(refused("forbidding new privileges"))?;
    if !geteuid().is_root() {
        return Ok(());
    }
    let number = user_number(run_as)?;
    if let Some(data) = data {
        hand_over(data, number, DEEPEST)?;
    }
    become_user(number)?;
    nothing_is_left()
}

fn user_number(run_as: &str) -> Result<u32, PrivilegesError> {
    run_as
        .parse::<u16>()
        .ok()
        .filter(|number| *number > 0)
        .map(u32::from)
        .ok_or_else(|| PrivilegesError::NoUser(run_as.to_owned()))
}

/// The path and what is in it goes to `user`. Links are handed over, not what they point to.
fn hand_over(path: &Path, user: u32, depth: usize) -> Result<(), PrivilegesError> {
    let fault = |reason| PrivilegesError::HandOver {
        path: path.to_owned(),
        user,
        reason,
    };
    let found = match fs::symlink_metadata(path) {
        // A file that has gone needs no owner.
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(fault)?,
    };
    if found.is_dir() && depth > 0 {
        let entries = match fs::read_dir(path) {
            // Without further capabilities root can't look into a private folder of the user's: it has it already.
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied && found.uid() == user => {
                return Ok(());
            }
            entries => entries.map_err(fault)?,
        };
        for entry in entries {
            hand_over(&entry.map_err(fault)?.path(), user, depth - 1)?;
        }
    }
    if found.uid() == user && found.gid() == user {
        return Ok(());
    }
    lchown(path, Some(user), Some(user)).map_err(fault)
}

fn refused(step: &'static str) -> impl Fn(rustix::io::Errno) -> PrivilegesError {
    move |reason| PrivilegesError::Refused {
        step,
        reason: reason.into(),
    }
}

/// The calls are for this thread only, so this thread must be the only one.
fn become_user(number: u32) -> Result<(), PrivilegesError> {
    let (user, group) = (Uid::from_raw(number), Gid::from_raw(number));
    // What is not in the bounding set can't come back with a program that is run.
    for capability in bounding_set() {
        remove_capability_from_bounding_set(capability)
            .map_err(refused("removing a capability from the bounding set"))?;
    }
    set_thread_groups(&[]).map_err(refused("leaving root's groups"))?;
    set_thread_res_gid(group, group, group).map_err(refused("changing the group"))?;
    set_thread_res_uid(user, user, user).map_err(refused("changing the user"))?;
    // Old kernels have no ambient set.
    let _ = clear_ambient_capability_set();
    let none = CapabilitySet::empty();
    let sets = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    set_capabilities(None, sets).map_err(refused("dropping capabilities"))
}

/// Asks for each bit until the kernel knows no more.
fn bounding_set() -> impl Iterator<Item = CapabilitySet> {
    (0..u64::BITS)
        .map(|bit| CapabilitySet::from_bits_retain(1 << bit))
        .take_while(|capability| capability_is_in_bounding_set(*capability).is_ok())
        .filter(|capability| capability_is_in_bounding_set(*capability).unwrap_or(false))
}

fn nothing_is_left() -> Result<(), PrivilegesError> {
    let sets = capabilities(None).map_err(refused("reading the capabilities"))?;
    let left = sets.effective | sets.permitted | sets.inheritable;
    match () {
        () if geteuid().is_root() => Err(PrivilegesError::Left("root itself")),
        () if !left.is_empty() => Err(PrivilegesError::Left("a capability")),
        () if bounding_set().next().is_some() => {
            Err(PrivilegesError::Left("a capability in the bounding set"))
        }
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_user_other_than_root_can_be_become() {
        for wrong in ["", "0", "root", "-1", "70000", "1:1"] {
            // Not being root, nothing is to be given up.
            if geteuid().is_root() {
                let error = give_up_root(Some(wrong), None).unwrap_err();
                assert!(
                    matches!(error, PrivilegesError::NoUser(_)),
                    "{wrong}: {error}"
                );
            }
        }
    }

    #[test]
    fn without_a_user_to_become_nothing_changes() {
        let before = geteuid();

        give_up_root(None, None).unwrap();

        assert_eq!(geteuid(), before);
    }

    #[test]
    fn a_folder_is_handed_over_but_not_what_links_point_to() {
        if !geteuid().is_root() {
            return;
        }
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = outside.path().join("secret");
        fs::write(&secret, "").unwrap();
        fs::create_dir(folder.path().join("backup")).unwrap();
        fs::write(folder.path().join("backup/copy.db"), "").unwrap();
        std::os::unix::fs::symlink(&secret, folder.path().join("link")).unwrap();

        hand_over(folder.path(), 65_532, DEEPEST).unwrap();

        let owner = |path: &Path| fs::symlink_metadata(path).unwrap().uid();
        assert_eq!(owner(folder.path()), 65_532);
        assert_eq!(owner(&folder.path().join("backup/copy.db")), 65_532);
        assert_eq!(owner(&folder.path().join("link")), 65_532);
        assert_eq!(owner(&secret), 0);
    }

    #[test]
    fn a_folder_that_is_not_there_needs_no_owner() {
        hand_over(Path::new("/nonexistent/data"), 65_532, DEEPEST).unwrap();
    }
}
