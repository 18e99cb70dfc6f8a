//! Any text as drawn masks, burned into pictures of any shape: no panic, and twice is the same as once.

#![no_main]

use aicleaner::model::Mask;
use aicleaner::vision::{Raster, burn};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (width, height, text) = input;
    let Ok(masks) = serde_json::from_slice::<Vec<Mask>>(text) else {
        return;
    };
    let (width, height) = (u32::from(width) + 1, u32::from(height) + 1);
    let pixels = vec![7; (width * height * 3) as usize];
    let Some(mut once) = Raster::new(width, height, pixels) else {
        return;
    };
    burn(&mut once, &masks);
    let mut twice = once.clone();
    burn(&mut twice, &masks);
    assert_eq!(once, twice);
});
