//! From numbers to 8-bit levels. Never wraps around: what lies outside of 0 to 255 is clamped.

/// The level of a sum that may lie outside of the range.
#[inline]
pub(crate) fn clamped(value: i32) -> u8 {
    value.clamp(0, 255).to_le_bytes()[0]
}

/// The nearest level.
pub(crate) fn rounded(value: f32) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range first"
    )]
    let level = (value.clamp(0.0, 255.0) + 0.5) as u8;
    level
}
