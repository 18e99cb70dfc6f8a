use super::*;
use crate::encode_jpeg;

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
    decode(bytes, &Limits::default()).unwrap_err()
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
    let mut jpeg = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    encoder.set_progressive(true);
    encoder
        .encode(busy(160, 120).rgb(), 160, 120, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    let scans: Vec<_> = jpeg
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| *pair == [0xFF, 0xDA])
        .map(|(at, _)| at)
        .collect();

    assert!(decode(&jpeg, &Limits::default()).is_ok());
    assert!(scans.len() > 2, "{scans:?}");
    for at in &scans[1..] {
        let mut cut = jpeg[..*at].to_vec();
        cut.extend([0xFF, 0xD9]);
        assert!(matches!(refused(&cut), PictureError::Truncated { .. }));
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

    let raster = decode(&bytes, &Limits::default()).unwrap();

    assert_eq!(raster.rgb(), [10, 20, 30, 255, 255, 255]);
    for length in 8..bytes.len() {
        assert!(
            decode(&bytes[..length], &Limits::default()).is_err(),
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

    let raster = decode(&bytes, &Limits::default()).unwrap();

    assert_eq!(raster, busy);
    for length in 12..bytes.len() {
        assert!(
            decode(&bytes[..length], &Limits::default()).is_err(),
            "cut at {length}"
        );
    }
}
