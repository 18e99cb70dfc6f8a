use super::*;
use crate::image::buffers::Buffers;
use crate::image::encode::encode_jpeg;
use crate::image::resize::shrink;

/// A picture with detail everywhere, so that a lost piece can't hide in a plain area.
fn busy(width: u32, height: u32) -> Raster {
    let mut noise = 7_u32;
    let rgb = (0..width * height * 3)
        .map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise.to_be_bytes()[0]
        })
        .collect();
    Raster::new(width, height, rgb).unwrap()
}

fn refused(bytes: &[u8]) -> PictureError {
    decode(bytes, &DecodeLimits::default()).unwrap_err()
}

fn with_size(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

#[test]
fn a_web_page_is_named_as_what_it_is() {
    let error = refused(b"<html><head><title>404 Not Found</title>");

    assert_eq!(
        error.to_string(),
        "this is no JPEG, PNG or WebP picture: it begins with '<html><head><title>404 N…'"
    );
}

#[test]
fn nothing_and_noise_are_refused() {
    assert_eq!(refused(b""), PictureError::Empty);
    assert!(matches!(
        refused(&[0, 1, 2, 3]),
        PictureError::NotAPicture { begins } if begins == "the bytes 00 01 02 03"
    ));
}

#[test]
fn a_long_file_is_refused_by_its_length_alone() {
    let error = refused(&vec![0xFF; 200_000_000]);

    assert!(matches!(error, PictureError::TooManyBytes { .. }));
}

#[test]
fn a_header_of_20_000_pixels_a_side_is_refused() {
    let jpeg = with_size(encode_jpeg(&busy(16, 16), 80).unwrap(), 20_000, 20_000);

    let error = refused(&jpeg);

    assert!(matches!(error, PictureError::TooLarge { .. }));
    assert!(error.to_string().contains("20000 x 20000"), "{error}");
}

#[test]
fn a_jpeg_cut_anywhere_is_refused() {
    let jpeg = encode_jpeg(&busy(160, 120), 80).unwrap();

    for length in (2..jpeg.len()).step_by(37) {
        assert!(
            matches!(refused(&jpeg[..length]), PictureError::Truncated { .. }),
            "cut at {length}"
        );
    }
}

#[test]
fn a_jpeg_with_its_middle_missing_is_refused() {
    let jpeg = encode_jpeg(&busy(160, 120), 80).unwrap();
    let half = jpeg.len() / 2;

    let mut cut = jpeg[..half].to_vec();
    cut.extend([0xFF, 0xD9]);

    assert!(matches!(refused(&cut), PictureError::Truncated { .. }));
}

#[test]
fn a_progressive_jpeg_without_its_last_scans_is_refused() {
    let jpeg = encoded(&busy(160, 120), |encoder| encoder.set_progressive(true));
    let scans: Vec<_> = jpeg
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| *pair == [0xFF, 0xDA])
        .map(|(at, _)| at)
        .collect();

    assert_eq!(decode(&jpeg, &DecodeLimits::default()).err(), None);
    assert!(scans.len() > 2, "{scans:?}");
    for at in &scans[1..] {
        let mut cut = jpeg[..*at].to_vec();
        cut.extend([0xFF, 0xD9]);
        assert!(matches!(refused(&cut), PictureError::Truncated { .. }));
    }
}

#[test]
fn components_of_any_sizes_are_decoded_or_refused() {
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 80)
        .encode(&[90; 40 * 28 * 4], 40, 28, jpeg_encoder::ColorType::Cmyk)
        .unwrap();
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    let factors = [0x11, 0x12, 0x21, 0x22, 0x41, 0x14];

    assert_eq!(decode(&jpeg, &DecodeLimits::default()).err(), None);
    for combination in 0..6_usize.pow(4) {
        for component in 0..4 {
            let factor = factors[combination / 6_usize.pow(component) % 6];
            jpeg[frame + 11 + 3 * component as usize] = factor;
        }
        // Either is right; only a panic is not.
        let _ = decode(&jpeg, &DecodeLimits::default());
    }
}

#[test]
fn a_png_is_read_with_its_transparent_parts_white() {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 2, 1);
    encoder.set_color(::png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer
        .write_image_data(&[10, 20, 30, 255, 10, 20, 30, 0])
        .unwrap();
    writer.finish().unwrap();

    let raster = decode(&bytes, &DecodeLimits::default()).unwrap();

    assert_eq!(raster.rgb(), [10, 20, 30, 255, 255, 255]);
    for length in 8..bytes.len() {
        assert!(
            decode(&bytes[..length], &DecodeLimits::default()).is_err(),
            "cut at {length}"
        );
    }
}

#[test]
fn a_webp_is_read_and_refused_when_cut() {
    let busy = busy(20, 10);
    let mut bytes = Vec::new();
    image_webp::WebPEncoder::new(&mut bytes)
        .encode(busy.rgb(), 20, 10, image_webp::ColorType::Rgb8)
        .unwrap();

    let raster = decode(&bytes, &DecodeLimits::default()).unwrap();

    assert_eq!(raster, busy);
    for length in 12..bytes.len() {
        assert!(
            decode(&bytes[..length], &DecodeLimits::default()).is_err(),
            "cut at {length}"
        );
    }
}

/// A picture without sharp edges, as its reduced ones must look alike by any way of reducing.
fn soft(width: u32, height: u32) -> Raster {
    let at = |x: u32, y: u32| [x * 200 / width + 20, y * 220 / height, 40 + (x + y) / 3];
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| at(x, y)));
    let rgb = pixels.flat_map(|pixel| pixel.map(|level| level.min(255).to_le_bytes()[0]));
    Raster::new(width, height, rgb.collect()).unwrap()
}

fn encoded(raster: &Raster, set: impl FnOnce(&mut jpeg_encoder::Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 90);
    set(&mut encoder);
    let side = |side: u32| u16::try_from(side).unwrap();
    let (width, height) = (side(raster.width()), side(raster.height()));
    let color = jpeg_encoder::ColorType::Rgb;
    encoder.encode(raster.rgb(), width, height, color).unwrap();
    jpeg
}

/// The largest difference of any value, the whole picture being shrunk to the reduced one's size.
fn difference(jpeg: &[u8], reduced: &Raster) -> u8 {
    let whole = decode(jpeg, &DecodeLimits::default()).unwrap();
    let whole = shrink(whole, reduced.width().max(reduced.height()));
    assert_eq!(
        (whole.width(), whole.height()),
        (reduced.width(), reduced.height())
    );
    let pairs = whole.rgb().iter().zip(reduced.rgb());
    pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn a_reduced_picture_shows_what_the_whole_one_shows() {
    use jpeg_encoder::SamplingFactor as Sampling;
    let picture = soft(400, 240);
    for sampling in [
        Sampling::F_1_1,
        Sampling::F_2_1,
        Sampling::F_1_2,
        Sampling::F_2_2,
    ] {
        for restart in [0, 3] {
            let jpeg = encoded(&picture, |encoder| {
                encoder.set_sampling_factor(sampling);
                encoder.set_restart_interval(restart);
            });
            for (side, expected) in [(50, 50), (51, 100), (100, 100), (200, 200), (201, 400)] {
                let decoded = decode_for(&jpeg, &DecodeLimits::default(), side).unwrap();

                assert_eq!(decoded.raster.width(), expected, "{sampling:?}, {side}");
                assert_eq!(decoded.size, (400, 240));
                let difference = difference(&jpeg, &decoded.raster);
                assert!(difference <= 12, "{sampling:?}, {side}: {difference}");
            }
        }
    }
}

#[test]
fn a_picture_is_only_reduced_where_that_comes_out_even() {
    for (size, side, expected) in [
        ((408, 248), 50, (51, 31)),
        ((404, 244), 50, (101, 61)),
        ((404, 242), 50, (202, 121)),
        ((405, 243), 50, (405, 243)),
    ] {
        let jpeg = encode_jpeg(&soft(size.0, size.1), 90).unwrap();

        let decoded = decode_for(&jpeg, &DecodeLimits::default(), side).unwrap();

        let raster = &decoded.raster;
        assert_eq!((raster.width(), raster.height()), expected, "{size:?}");
        assert_eq!(decoded.size, size);
    }
}

#[test]
fn what_lay_in_a_kept_buffer_never_shows() {
    let pictures = [busy(160, 120), soft(160, 120), busy(320, 240), soft(80, 64)];
    let jpegs = pictures.map(|picture| encode_jpeg(&picture, 85).unwrap());
    let all = || {
        jpegs.iter().flat_map(|jpeg| {
            [40, 80, u32::MAX].map(|side| {
                let decoded = decode_for(jpeg, &DecodeLimits::default(), side).unwrap();
                let shrunk = shrink(decoded.raster.clone(), 33);
                (decoded.raster.into_rgb(), shrunk.into_rgb())
            })
        })
    };
    let clean: Vec<_> = all().collect();

    let _kept = Buffers::keep();

    for (kept, clean) in all().zip(&clean) {
        assert!(kept == *clean);
    }
}

#[test]
fn restart_markers_may_be_counted_in_any_way() {
    let mut jpeg = encoded(&soft(160, 120), |encoder| {
        encoder.set_restart_interval(3);
    });
    let expected = decode_for(&jpeg, &DecodeLimits::default(), 40).unwrap();
    for at in 0..jpeg.len() - 1 {
        if jpeg[at] == 0xFF && (0xD0..=0xD7).contains(&jpeg[at + 1]) {
            jpeg[at + 1] = 0xD5;
        }
    }

    assert_eq!(
        decode_for(&jpeg, &DecodeLimits::default(), 40),
        Ok(expected)
    );
}

#[test]
fn what_is_not_of_the_usual_kind_is_decoded_whole() {
    let usual = encode_jpeg(&soft(160, 120), 90).unwrap();
    let scan = usual.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
    let adobe = [&[0xFF, 0xEE, 0, 14][..], b"Adobe", &[0, 100, 0, 0, 0, 0, 0]].concat();
    let with_adobe = [&usual[..scan], &adobe, &usual[scan..]].concat();

    let decoded = decode_for(&with_adobe, &DecodeLimits::default(), 20).unwrap();

    assert_eq!(decoded.raster.width(), 160);
}

#[test]
fn what_is_refused_whole_is_refused_reduced() {
    let usual = encode_jpeg(&soft(160, 120), 90).unwrap();
    let end = usual.len() - 2;
    let lines = [0xFF, 0xDC, 0, 4, 0, 120];
    for odd in [
        [&usual[..2], &[1; 9], &usual[2..]].concat(),
        [&usual[..end], &lines, &usual[end..]].concat(),
    ] {
        let is_refused = |side| decode_for(&odd, &DecodeLimits::default(), side).is_err();

        assert_eq!(is_refused(20), is_refused(u32::MAX));
    }
}

#[test]
fn a_grey_jpeg_is_reduced_too() {
    let mut jpeg = Vec::new();
    let grey: Vec<u8> = (0..64 * 64_u32)
        .map(|i| (i % 64 * 4).to_le_bytes()[0])
        .collect();
    jpeg_encoder::Encoder::new(&mut jpeg, 95)
        .encode(&grey, 64, 64, jpeg_encoder::ColorType::Luma)
        .unwrap();

    let decoded = decode_for(&jpeg, &DecodeLimits::default(), 16).unwrap();

    assert_eq!(decoded.raster.width(), 16);
    assert!(difference(&jpeg, &decoded.raster) <= 8);
}

#[test]
fn a_progressive_jpeg_is_decoded_whole() {
    let jpeg = encoded(&soft(160, 120), |encoder| encoder.set_progressive(true));

    let decoded = decode_for(&jpeg, &DecodeLimits::default(), 20).unwrap();

    assert_eq!((decoded.raster.width(), decoded.size), (160, (160, 120)));
}

#[test]
fn a_reduced_picture_is_refused_when_it_is_cut_anywhere() {
    let jpeg = encode_jpeg(&busy(160, 120), 80).unwrap();
    let scan = jpeg.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();

    let end = jpeg.len() - 2;
    for length in (scan + 14..end - 60).step_by(37).chain(end - 60..end) {
        let cut = [&jpeg[..length], &[0xFF, 0xD9]].concat();
        let error = decode_for(&cut, &DecodeLimits::default(), 20).unwrap_err();
        assert!(
            matches!(error, PictureError::Truncated { .. }),
            "cut at {length}: {error}"
        );
    }
}
