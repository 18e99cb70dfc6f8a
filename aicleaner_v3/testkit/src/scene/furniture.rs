//! The room without its mess: walls, window, floor, rug, sofa, table, desk, lamp, shelf.
//! None of it moves, so a room draws it once a size and keeps it.

use super::canvas::{Canvas, Rgb, mix};
use super::layer::Layer;
use std::time::Duration;

/// The colours that tell one room from another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    wall: Rgb,
    floor: Rgb,
    sofa: Rgb,
    rug: Rgb,
}

impl Palette {
    /// A palette for a seed, so that two rooms of one home look different.
    pub(crate) fn of(seed: u64) -> Self {
        const WALLS: [Rgb; 4] = [
            [214, 206, 190],
            [188, 204, 210],
            [206, 212, 190],
            [214, 196, 196],
        ];
        const FLOORS: [Rgb; 3] = [[150, 110, 74], [124, 96, 72], [168, 140, 104]];
        const SOFAS: [Rgb; 4] = [[96, 112, 120], [120, 96, 84], [84, 104, 84], [104, 92, 120]];
        const RUGS: [Rgb; 3] = [[176, 152, 132], [140, 150, 160], [166, 132, 120]];
        Self {
            wall: pick(&WALLS, seed),
            floor: pick(&FLOORS, seed >> 8),
            sofa: pick(&SOFAS, seed >> 16),
            rug: pick(&RUGS, seed >> 24),
        }
    }
}

fn pick(colours: &[Rgb], seed: u64) -> Rgb {
    let count = u64::try_from(colours.len()).unwrap_or(1).max(1);
    let index = usize::try_from(seed % count).unwrap_or(0);
    colours.get(index).copied().unwrap_or([128, 128, 128])
}

/// Walls with a skirting board, and the floor with its boards.
pub(crate) struct Shell(pub(crate) Palette);

impl Layer for Shell {
    fn draw(&self, canvas: &mut Canvas, _at: Duration) {
        let Palette { wall, floor, .. } = self.0;
        canvas.gradient(0.0, 0.0, 1.0, 0.6, mix(wall, [255, 255, 255], 0.2), wall);
        canvas.gradient(0.0, 0.6, 1.0, 0.4, mix(floor, [0, 0, 0], 0.25), floor);
        canvas.rectangle(0.0, 0.585, 1.0, 0.02, [236, 232, 224]);
        for (board, y) in [0.64_f32, 0.69, 0.76, 0.85, 0.94].into_iter().enumerate() {
            canvas.rectangle(0.0, y, 1.0, 0.003, mix(floor, [0, 0, 0], 0.4));
            let shift = if board % 2 == 0 { 0.0 } else { 0.11 };
            for joint in [0.1_f32, 0.34, 0.58, 0.82] {
                canvas.rectangle(joint + shift, y, 0.002, 0.07, mix(floor, [0, 0, 0], 0.35));
            }
        }
    }
}

/// A window with a view of the sky and trees.
pub(crate) struct Window;

impl Layer for Window {
    fn draw(&self, canvas: &mut Canvas, _at: Duration) {
        canvas.rectangle(0.28, 0.07, 0.24, 0.34, [244, 242, 238]);
        canvas.gradient(0.29, 0.09, 0.22, 0.3, [150, 194, 236], [214, 230, 240]);
        canvas.ellipse(0.292, 0.3, 0.118, 0.09, [96, 136, 84]);
        canvas.ellipse(0.39, 0.325, 0.118, 0.065, [84, 122, 76]);
        canvas.rectangle(0.28, 0.39, 0.24, 0.03, [232, 228, 222]);
        canvas.rectangle(0.396, 0.09, 0.008, 0.3, [244, 242, 238]);
        canvas.rectangle(0.29, 0.235, 0.22, 0.008, [244, 242, 238]);
    }
}

/// Sofa, rug, coffee table, desk, shelf and lamp.
pub(crate) struct Furniture(pub(crate) Palette);

impl Layer for Furniture {
    fn draw(&self, canvas: &mut Canvas, _at: Duration) {
        self.rug(canvas);
        self.sofa(canvas);
        table(canvas);
        desk(canvas);
        shelf(canvas);
        lamp(canvas);
    }
}

impl Furniture {
    fn rug(&self, canvas: &mut Canvas) {
        let rug = self.0.rug;
        canvas.ellipse(0.26, 0.7, 0.42, 0.26, mix(rug, [0, 0, 0], 0.2));
        canvas.ellipse(0.275, 0.71, 0.39, 0.235, rug);
        canvas.ellipse(0.33, 0.74, 0.28, 0.17, mix(rug, [255, 255, 255], 0.18));
    }

    fn sofa(&self, canvas: &mut Canvas) {
        let sofa = self.0.sofa;
        canvas.rectangle(0.03, 0.42, 0.34, 0.2, mix(sofa, [0, 0, 0], 0.15));
        canvas.rectangle(0.03, 0.56, 0.34, 0.12, sofa);
        canvas.rectangle(0.02, 0.5, 0.04, 0.19, mix(sofa, [255, 255, 255], 0.1));
        canvas.rectangle(0.34, 0.5, 0.04, 0.19, mix(sofa, [255, 255, 255], 0.1));
        canvas.rectangle(0.197, 0.44, 0.004, 0.18, mix(sofa, [0, 0, 0], 0.35));
        canvas.rectangle(0.05, 0.69, 0.015, 0.03, [60, 46, 36]);
        canvas.rectangle(0.335, 0.69, 0.015, 0.03, [60, 46, 36]);
    }
}

fn table(canvas: &mut Canvas) {
    canvas.rectangle(0.18, 0.76, 0.012, 0.16, [92, 62, 38]);
    canvas.rectangle(0.32, 0.76, 0.012, 0.16, [92, 62, 38]);
    canvas.ellipse(0.155, 0.69, 0.2, 0.1, [112, 78, 48]);
    canvas.ellipse(0.16, 0.685, 0.19, 0.09, [138, 98, 62]);
}

fn desk(canvas: &mut Canvas) {
    canvas.rectangle(0.6, 0.48, 0.015, 0.28, [88, 70, 54]);
    canvas.rectangle(0.885, 0.48, 0.015, 0.28, [88, 70, 54]);
    canvas.rectangle(0.58, 0.465, 0.34, 0.03, [156, 124, 92]);
    canvas.rectangle(0.76, 0.495, 0.125, 0.14, [140, 110, 80]);
    canvas.rectangle(0.81, 0.56, 0.03, 0.008, [60, 60, 60]);
    canvas.rectangle(0.73, 0.3, 0.13, 0.13, [34, 36, 40]);
    canvas.rectangle(0.738, 0.31, 0.114, 0.105, [66, 86, 104]);
    canvas.rectangle(0.785, 0.43, 0.02, 0.035, [34, 36, 40]);
}

fn shelf(canvas: &mut Canvas) {
    const BOOKS: [Rgb; 6] = [
        [160, 60, 50],
        [60, 90, 130],
        [200, 170, 90],
        [70, 110, 80],
        [120, 80, 120],
        [190, 190, 180],
    ];
    canvas.rectangle(0.6, 0.2, 0.24, 0.015, [120, 90, 62]);
    let mut x = 0.615;
    for (index, book) in BOOKS.into_iter().enumerate() {
        let tall = if index % 3 == 0 { 0.11 } else { 0.09 };
        canvas.rectangle(x, 0.2 - tall, 0.017, tall, book);
        x += 0.02;
    }
}

fn lamp(canvas: &mut Canvas) {
    canvas.rectangle(0.948, 0.3, 0.008, 0.42, [70, 66, 62]);
    canvas.ellipse(0.92, 0.7, 0.065, 0.04, [60, 56, 52]);
    canvas.triangle([(0.952, 0.18), (0.9, 0.34), (1.0, 0.34)], [244, 222, 168]);
}
