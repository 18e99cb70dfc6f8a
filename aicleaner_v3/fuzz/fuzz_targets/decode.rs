//! Any bytes into the decoder: no panic, and never a picture beyond the limits.

#![no_main]

use aicleaner::vision::{Grid, Limits, Quality, decode, fit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        bytes: 1 << 20,
        side: 2_000,
        pixels: 1_000_000,
    };
    if let Ok(raster) = decode(bytes, &limits) {
        let pixels = u64::from(raster.width()) * u64::from(raster.height());
        assert!(pixels <= limits.pixels);
        assert_eq!(raster.rgb().len() as u64, pixels * 3);
        let fitted = fit(&raster, 64);
        assert!(fitted.width() <= 64 && fitted.height() <= 64);
        let _ = Quality::of(&Grid::new(&fitted, &[], 64));
    }
});
