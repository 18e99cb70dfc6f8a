//! Any bytes into the decoder, whole and reduced: no panic, and never a picture beyond the limits.

#![no_main]

use aicleaner::vision::{Grid, DecodeLimits, Quality, decode_for, shrink};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = DecodeLimits {
        bytes: 1 << 20,
        side: 2_000,
        pixels: 1_000_000,
    };
    for side in [u32::MAX, 64, 16, 4] {
        if let Ok(decoded) = decode_for(bytes, &limits, side) {
            let (width, height) = decoded.size;
            let raster = decoded.raster;
            assert!(u64::from(width) * u64::from(height) <= limits.pixels);
            assert!(raster.width() <= width && raster.height() <= height);
            assert!(raster.width().max(raster.height()) >= side.min(width.max(height)));
            let pixels = u64::from(raster.width()) * u64::from(raster.height());
            assert_eq!(raster.rgb().len() as u64, pixels * 3);
            let shrunk = shrink(raster, 64);
            assert!(shrunk.width() <= 64 && shrunk.height() <= 64);
            let _ = Quality::of(&Grid::new(&shrunk, &[], 64));
        }
    }
});
