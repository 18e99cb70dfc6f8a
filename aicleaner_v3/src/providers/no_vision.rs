//! The words by which services say that a model takes no pictures. Knows no service's format.

/// Whether a fault says that the model takes no pictures.
pub fn says_no_vision(lower: &str) -> bool {
    let of_pictures = ["image", "vision", "multimodal", "multi-modal"];
    let not = [
        "not support",
        "n't support",
        "not enabled",
        "no endpoints",
        "only supported",
        "unsupported",
        "not a multimodal",
        "text-only",
    ];
    of_pictures.iter().any(|word| lower.contains(word))
        && not.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_services_for_a_model_without_vision_are_known() {
        for words in [
            "Invalid content type. image_url is only supported by certain models.",
            "No endpoints found that support image input",
            "Model does not support images. Please use a model that does.",
            "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
            "deepseek-r1 is not a multimodal model",
        ] {
            assert!(says_no_vision(&words.to_lowercase()), "{words}");
        }
        assert!(!says_no_vision("invalid image: could not decode"));
        assert!(!says_no_vision("response_format is not supported"));
    }
}
