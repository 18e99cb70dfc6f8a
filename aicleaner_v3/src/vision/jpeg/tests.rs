use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use crate::vision::testing::Room;
use crate::vision::{Limits, Raster, decode, decode_reduced, fit};

struct Kind {
    sampling: SamplingFactor,
    progressive: bool,
    restarts: u16,
}

const KINDS: [Kind; 8] = {
    const fn kind(sampling: SamplingFactor, progressive: bool, restarts: u16) -> Kind {
        Kind {
            sampling,
            progressive,
            restarts,
        }
    }
    [
        kind(SamplingFactor::R_4_4_4, false, 0),
        kind(SamplingFactor::R_4_2_0, false, 0),
        kind(SamplingFactor::R_4_2_2, false, 7),
        kind(SamplingFactor::R_4_4_0, false, 0),
        kind(SamplingFactor::R_4_1_1, false, 1),
        kind(SamplingFactor::R_4_4_4, true, 0),
        kind(SamplingFactor::R_4_2_0, true, 5),
        kind(SamplingFactor::R_4_2_2, true, 0),
    ]
};

fn encoded(kind: &Kind, raster: &Raster, width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 85);
    encoder.set_sampling_factor(kind.sampling);
    encoder.set_progressive(kind.progressive);
    if kind.restarts > 0 {
        encoder.set_restart_interval(kind.restarts);
    }
    encoder
        .encode(raster.rgb(), width, height, ColorType::Rgb)
        .unwrap();
    bytes
}

/// A part of the drawn room whose sides are no multiples of a block.
fn crooked() -> Raster {
    let room = Room::tidy(1).picture();
    let rgb = (0..147)
        .flat_map(|y| room.row(y + 40)[..211 * 3].to_vec())
        .collect();
    Raster::new(211, 147, rgb).unwrap()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

#[test]
fn every_kind_decodes_like_another_decoder() {
    let picture = crooked();
    for (number, kind) in KINDS.iter().enumerate() {
        let bytes = encoded(kind, &picture, 211, 147);
        let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
        let theirs = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(&bytes), options)
            .decode()
            .unwrap();

        let ours = decode(&bytes, &Limits::default()).unwrap();

        let off = mean_difference(ours.rgb(), &theirs);
        assert!(off < 1.2, "kind {number}: {off}");
    }
}

#[test]
fn a_reduced_picture_looks_like_the_whole_one_made_smaller() {
    let room = Room::tidy(1).picture();
    for (number, kind) in KINDS.iter().enumerate() {
        let bytes = encoded(kind, &room, 384, 216);
        let whole = decode(&bytes, &Limits::default()).unwrap();
        for at_least in [48, 90, 96, 130, 192, 240, 300] {
            let reduced = decode_reduced(&bytes, &Limits::default(), at_least).unwrap();

            assert!(reduced.width() >= at_least && reduced.width() < at_least + 48);
            let fitted = fit(&whole, reduced.width());
            let off = mean_difference(reduced.rgb(), fitted.rgb());
            assert!(off < 6.0, "kind {number} at {at_least}: {off}");
        }
    }
}

#[test]
fn a_progressive_picture_cut_anywhere_is_refused() {
    let bytes = encoded(&KINDS[6], &crooked(), 211, 147);
    for length in (2..bytes.len()).step_by(61) {
        let mut cut = bytes[..length].to_vec();
        assert!(decode(&cut, &Limits::default()).is_err(), "cut at {length}");

        cut.extend([0xFF, 0xD9]);
        let ended = decode(&cut, &Limits::default());
        let whole_scans = bytes[length..].windows(2).all(|w| w != [0xFF, 0xDA]);
        assert!(ended.is_err() || !whole_scans, "cut and ended at {length}");
    }
}

#[test]
fn grey_pictures_and_ink_pictures_have_their_colours() {
    let encode = |data: &[u8], kind| {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95)
            .encode(data, 16, 16, kind)
            .unwrap();
        decode(&bytes, &Limits::default()).unwrap()
    };
    let near = |raster: &Raster, colour: [u8; 3]| {
        let pixel = &raster.row(8)[24..27];
        assert!(
            pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 6),
            "{pixel:?}"
        );
    };

    near(&encode(&[77; 256], ColorType::Luma), [77, 77, 77]);
    near(
        &encode(&[0, 255, 255, 0].repeat(256), ColorType::Cmyk),
        [255, 0, 0],
    );
    near(
        &encode(&[255, 0, 0, 0].repeat(256), ColorType::CmykAsYcck),
        [0, 255, 255],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_after_any_signature_never_panic(
        start in prop::sample::select(vec![
            &b""[..], b"\xFF\xD8", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"RIFF\0\x01\0\0WEBPVP8 ",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        let bytes = [start, &rest].concat();

        let _ = decode(&bytes, &Limits::default());
    }

    #[test]
    fn a_damaged_picture_never_panics_and_never_outgrows_the_limits(
        kind in 0..KINDS.len(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        at_least in 1_u32..400,
    ) {
        let limits = Limits { bytes: 1 << 20, side: 400, pixels: 60_000 };
        let mut bytes = encoded(&KINDS[kind], &crooked(), 211, 147);
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }

        if let Ok(raster) = decode_reduced(&bytes, &limits, at_least) {
            prop_assert!(u64::from(raster.width()) * u64::from(raster.height()) <= limits.pixels);
            prop_assert!(raster.width() <= limits.side && raster.height() <= limits.side);
        }
    }
}
