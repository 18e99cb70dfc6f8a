//! What this process takes of the machine.

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};

/// Resident memory in bytes; none where the system does not say.
pub fn resident_bytes() -> Option<u64> {
    let pid = get_current_pid().ok()?;
    let mut system = System::new().ok()?;
    let only_memory = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, only_memory);
    system.process(pid).map(sysinfo::Process::memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_some_memory() {
        assert!(resident_bytes() > Some(1_000_000));
    }
}
