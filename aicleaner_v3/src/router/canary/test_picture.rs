//! The vision canary: a picture of numbered shapes, made on the spot, that nobody can guess. A provider that
//! can't say what is on it does not see our pictures, whatever it claims. Pure.

use bytes::Bytes;
use serde_json::Value;

use super::draw;
use super::shape::{Colour, Outline, SHAPES, Shape};
use crate::providers::{Form, PictureForm, Question, json_object};
use crate::vision::{encode_jpeg, shrink};

/// Right answers from which on a provider sees. Small models err; none guesses three numbers of two digits.
const ENOUGH: usize = 3;

/// What is on one test picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    shapes: [Shape; SHAPES],
}

/// How well an answer fits the test picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfTestScore {
    /// Shapes whose number and colour were named.
    pub right: usize,
}

impl SelfTestScore {
    /// Whether the provider sees.
    pub fn passed(self) -> bool {
        self.right >= ENOUGH
    }
}

impl Canary {
    /// A picture that follows from `seed` alone.
    pub fn new(seed: u64) -> Self {
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut numbers: Vec<u8> = Vec::with_capacity(SHAPES);
        let shapes = std::array::from_fn(|_| {
            let mut number = dice.u8(10..100);
            while numbers.contains(&number) {
                number = 10 + (number - 9) % 90;
            }
            numbers.push(number);
            Shape {
                number,
                outline: Outline::ALL[dice.usize(..Outline::ALL.len())],
                colour: Colour::ALL[dice.usize(..Colour::ALL.len())],
            }
        });
        Self { shapes }
    }

    /// What is on it, row by row.
    pub fn shapes(&self) -> &[Shape; SHAPES] {
        &self.shapes
    }

    /// The question, with the picture in the form that a provider wants.
    /// None when the picture can't be encoded.
    pub fn question(&self, form: PictureForm) -> Option<Question> {
        let picture = shrink(draw::picture(&self.shapes)?, form.longest_side);
        let jpeg = encode_jpeg(&picture, form.quality).ok()?;
        Some(Question {
            title: "AICleaner: test picture".to_owned(),
            text: TEXT.to_owned(),
            pictures: vec![Bytes::from(jpeg)],
            form: Form::Canary,
            request: None,
        })
    }

    /// Compares what a provider answered.
    ///
    /// # Errors
    /// When the answer can't be read at all.
    pub fn judge(&self, answer: &Value) -> Result<SelfTestScore, String> {
        let fields = json_object(answer, "shapes")?;
        let named: Vec<(String, String)> = match fields.get("shapes") {
            Some(Value::Array(shapes)) => shapes.iter().take(50).filter_map(named).collect(),
            // Where nested structures come as text.
            Some(Value::String(text)) => match serde_json::from_str::<Vec<Value>>(text) {
                Ok(shapes) => shapes.iter().take(50).filter_map(named).collect(),
                Err(_) => return Err("expected `shapes` to be a list".to_owned()),
            },
            _ => return Err("expected `shapes` to be a list".to_owned()),
        };
        // Naming everything is not seeing.
        if named.len() > 2 * SHAPES {
            return Ok(SelfTestScore { right: 0 });
        }
        let right = self
            .shapes
            .iter()
            .filter(|shape| {
                let number = shape.number.to_string();
                named
                    .iter()
                    .any(|(named, colour)| *named == number && colour.contains(shape.colour.word()))
            })
            .count();
        Ok(SelfTestScore { right })
    }
}

fn named(shape: &Value) -> Option<(String, String)> {
    let number = match shape.get("number")? {
        Value::Number(number) => number.as_f64()?.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let colour = shape.get("colour").or_else(|| shape.get("color"))?;
    Some((number, colour.as_str()?.to_lowercase()))
}

const TEXT: &str = "This is a test picture: coloured shapes on a light ground, each with a number of two digits in it. \
List every shape with its number, its shape (circle, square or triangle) and its colour (red, green, blue, yellow or black, in English). \
Report only what you really see; if there is no picture, or you can't see it, give an empty list. \
Answer with one JSON object and nothing else: {\"shapes\": [{\"number\": 0, \"shape\": \"\", \"colour\": \"\"}]}.\n";

#[cfg(test)]
mod tests {
    use aicleaner_testkit::model::{Answer, Judge as _, SceneJudge};
    use serde_json::json;

    use super::*;

    fn told(canary: &Canary, count: usize) -> Value {
        let shapes: Vec<_> = canary
            .shapes()
            .iter()
            .take(count)
            .map(|shape| json!({"number": shape.number, "shape": "circle", "colour": format!("Dark {}", shape.colour.word())}))
            .collect();
        json!({"shapes": shapes})
    }

    #[test]
    fn who_names_half_of_the_shapes_sees() {
        let canary = Canary::new(7);

        assert!(canary.judge(&told(&canary, 6)).unwrap().passed());
        assert!(canary.judge(&told(&canary, 3)).unwrap().passed());
        assert!(!canary.judge(&told(&canary, 2)).unwrap().passed());
        assert!(!canary.judge(&json!({"shapes": []})).unwrap().passed());
    }

    #[test]
    fn naming_everything_is_not_seeing() {
        let canary = Canary::new(7);
        let all: Vec<_> = (0..100)
            .map(|number| json!({"number": number, "colour": "red green blue yellow black"}))
            .collect();

        assert!(!canary.judge(&json!({"shapes": all})).unwrap().passed());
    }

    #[test]
    fn a_model_that_really_looks_passes_in_every_size_of_picture() {
        let judge = SceneJudge::new([]);
        for (seed, longest_side) in (0..40).zip([768, 1024, 512].into_iter().cycle()) {
            let canary = Canary::new(seed);
            let form = PictureForm {
                longest_side,
                quality: 82,
            };
            let question = canary.question(form).unwrap();
            let pictures: Vec<_> = question.pictures.iter().map(|jpeg| jpeg.to_vec()).collect();

            let Answer::Text(answer) = judge.answer(&question.text, None, &pictures) else {
                panic!("no answer");
            };

            let score = canary.judge(&Value::String(answer)).unwrap();
            assert!(
                score.right >= 5,
                "seed {seed}, side {longest_side}: {score:?}"
            );
        }
    }

    #[test]
    fn prose_is_no_answer() {
        let answer = json!("I can't see any picture.");

        assert!(Canary::new(1).judge(&answer).is_err());
    }

    #[test]
    fn each_seed_has_its_own_picture() {
        let pictures: Vec<_> = (0..50).map(Canary::new).collect();

        for (at, one) in pictures.iter().enumerate() {
            assert!(pictures[..at].iter().all(|other| other != one));
            let answer = told(one, 6);
            let others = pictures
                .iter()
                .filter(|other| other.judge(&answer).unwrap().passed());
            assert_eq!(
                others.count(),
                1,
                "the answer to one picture is no answer to another"
            );
        }
    }
}
