//! The image, run for real by a container runtime, as Supervisor and as a person would start it. `make image` builds
//! it first; `make test-image` runs this and writes `target/reports/image.json`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]
#![cfg(target_os = "linux")]

mod container;
mod life;
mod profile;

use std::path::Path;

use aicleaner_testkit::report::{Better, Figure, Report};

use container::Image;
use life::{Life, Start};

/// What Supervisor's own user can't do to us: 2 s for a stop, 1 s to be healthy, 6 MB to be fetched, 8 MB at rest.
const LONGEST_STOP_MS: f64 = 2_000.0;
const LATEST_HEALTHY_MS: f64 = 1_000.0;
const LARGEST_MB: f64 = 6.0;
const IDLE_MB: f64 = 8.0;

/// The user of `rootfs/etc/passwd`.
const OWN_USER: u32 = 65_532;

fn as_an_app_should(life: &Life) {
    assert_eq!(life.user, OWN_USER, "it is not root any more");
    assert_eq!(life.group, OWN_USER);
    assert!(life.extra_groups.is_empty(), "{:?}", life.extra_groups);
    assert_eq!(life.capabilities, 0, "no capability is left, in no set");
    assert!(life.no_new_privileges);
    assert!(
        life.data_owners.iter().all(|owner| *owner == OWN_USER),
        "the data is its own: {:?}",
        life.data_owners
    );
    as_always(life);
}

fn as_always(life: &Life) {
    assert_eq!(life.exit_code, 0, "SIGTERM is obeyed:\n{}", life.log);
    assert!(
        life.data.iter().any(|name| name == "aicleaner.db"),
        "{:?}",
        life.data
    );
    assert_eq!(life.written_elsewhere, Vec::<String>::new());
    assert!(!life.log.contains("Read-only file system"), "{}", life.log);
}

/// Emulated, the processor is slow: figures count on the real one only.
fn figures(report: &mut Report, image: &Image, life: &Life) {
    let name = |what: &str| format!("{} {what}", image.arch);
    report.add(Figure::at_most(
        &name("image, compressed"),
        image.compressed_mb(),
        "MB",
        LARGEST_MB,
    ));
    if image.is_emulated() {
        report.add(Figure::plain(
            &name("time to healthy, emulated"),
            life.healthy_ms,
            "ms",
            Better::Lower,
        ));
        report.add(Figure::plain(
            &name("stop, emulated"),
            life.stop_ms,
            "ms",
            Better::Lower,
        ));
        return;
    }
    report.add(Figure::at_most(
        &name("time to healthy"),
        life.healthy_ms,
        "ms",
        LATEST_HEALTHY_MS,
    ));
    report.add(Figure::at_most(
        &name("stop"),
        life.stop_ms,
        "ms",
        LONGEST_STOP_MS,
    ));
    report.add(Figure::at_most(
        &name("idle resident memory"),
        life.idle_mb,
        "MB",
        IDLE_MB,
    ));
    let effective = f64::from(life.capabilities.count_ones());
    report.add(Figure::at_most(
        &name("capabilities left"),
        effective,
        "",
        0.0,
    ));
}

fn proves_itself(image: &Image, report: &mut Report) {
    image.says_what_it_is();
    let as_app = life::live(image, Start::AsApp);
    as_an_app_should(&as_app);
    figures(report, image, &as_app);
    for start in [
        Start::AsAppOnAReadOnlyRoot,
        Start::WithFourCapabilities,
        Start::UnderAnInit,
    ] {
        as_an_app_should(&life::live(image, start));
    }
    let by_itself = life::live(image, Start::AsAnotherUser);
    as_always(&by_itself);
    assert_eq!(by_itself.user, life::ANOTHER_USER);
    assert_eq!(by_itself.effective, 0);
    assert!(by_itself.no_new_privileges);
    if !image.is_emulated() {
        assert!(
            as_app.healthy_ms <= LATEST_HEALTHY_MS,
            "healthy after {} ms",
            as_app.healthy_ms
        );
        assert!(
            as_app.stop_ms <= LONGEST_STOP_MS,
            "stopped after {} ms",
            as_app.stop_ms
        );
    }
    assert!(
        image.compressed_mb() <= LARGEST_MB,
        "{} MB",
        image.compressed_mb()
    );
}

#[test]
#[ignore = "needs the image and a container runtime: make test-image"]
fn the_image_proves_itself_on_both_architectures() {
    let mut report = Report::new("image");
    // As scripts/image.sh: one only, if asked for.
    let only = std::env::var("AICLEANER_IMAGE_ARCH").ok();
    let wanted = |arch: &&str| only.as_deref().is_none_or(|only| only == *arch);
    for arch in ["amd64", "aarch64"].into_iter().filter(wanted) {
        let image = Image::of(arch);
        let emulator = image.is_emulated().then(container::Emulator::for_aarch64);
        proves_itself(&image, &mut report);
        drop(emulator);
    }

    println!("{}", report.table());
    report
        .write(
            Path::new(env!("CARGO_MANIFEST_DIR")),
            env!("CARGO_PKG_VERSION"),
        )
        .unwrap();
}

#[test]
#[ignore = "needs apparmor_parser: make test-image"]
fn the_apparmor_profile_is_good_and_enforced_where_the_kernel_can() {
    profile::is_good();
    if profile::kernel_can() {
        let loaded = profile::Loaded::new();
        let life = life::live(
            &Image::of(container::native()),
            Start::UnderProfile(loaded.name()),
        );
        as_an_app_should(&life);
    } else {
        println!("this kernel has no AppArmor: the profile was parsed, not enforced");
    }
}
