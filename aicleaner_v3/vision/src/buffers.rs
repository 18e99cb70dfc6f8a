//! Large buffers, used again. The static program's allocator gives each of them back to the kernel at once, and to take
//! one anew costs a page fault for each 4 KiB of it, which is more than most of the work on it.

use std::cell::RefCell;
use std::marker::PhantomData;

use fast_image_resize::Resizer;

/// Buffers that are shorter cost next to nothing to take anew.
const LEAST: usize = 4096;
/// How many of one kind are kept, and how many bytes of all of that kind.
const MOST: usize = 16;
const MOST_BYTES: usize = 16 << 20;

#[derive(Default)]
struct Kept {
    bytes: Vec<Vec<u8>>,
    numbers: Vec<Vec<f32>>,
    resizer: Resizer,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// While this lives, its thread uses the buffers of one picture again for the next; then it gives them all back. One at
/// a time on a thread.
#[derive(Debug)]
pub struct Buffers(PhantomData<*const ()>);

impl Buffers {
    /// Begins to keep this thread's buffers.
    #[must_use]
    pub fn keep() -> Self {
        KEPT.with_borrow_mut(|kept| *kept = Some(Kept::default()));
        Self(PhantomData)
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        KEPT.with_borrow_mut(|kept| *kept = None);
    }
}

/// `length` zeros.
pub(super) fn zeros(length: usize) -> Vec<u8> {
    let mut bytes = taken(|kept| &mut kept.bytes, length);
    bytes.clear();
    bytes.resize(length, 0);
    bytes
}

/// `length` bytes to write over, each of them: they may be those of another picture.
pub(super) fn leftovers(length: usize) -> Vec<u8> {
    let mut bytes = taken(|kept| &mut kept.bytes, length);
    bytes.resize(length, 0);
    bytes
}

/// A copy.
pub(super) fn copied(from: &[u8]) -> Vec<u8> {
    let mut bytes = leftovers(from.len());
    bytes.copy_from_slice(from);
    bytes
}

/// Nothing, with room for `length` numbers.
pub(super) fn numbers(length: usize) -> Vec<f32> {
    let mut numbers = taken(|kept| &mut kept.numbers, length);
    numbers.clear();
    numbers
}

/// Bytes that are not needed any more.
pub(super) fn give_bytes(bytes: Vec<u8>) {
    give(|kept| &mut kept.bytes, bytes);
}

/// Numbers that are not needed any more.
pub(super) fn give_numbers(numbers: Vec<f32>) {
    give(|kept| &mut kept.numbers, numbers);
}

/// Does `work` with a resizer, which has buffers of its own.
pub(super) fn with_resizer<T>(work: impl FnOnce(&mut Resizer) -> T) -> T {
    KEPT.with_borrow_mut(|kept| match kept {
        Some(kept) => work(&mut kept.resizer),
        None => work(&mut Resizer::new()),
    })
}

/// The shortest kept buffer that is long enough, with what was in it, or a new one.
fn taken<T>(kind: impl FnOnce(&mut Kept) -> &mut Vec<Vec<T>>, length: usize) -> Vec<T> {
    let found = KEPT.with_borrow_mut(|kept| {
        let kept = kind(kept.as_mut()?);
        let fitting = kept
            .iter()
            .enumerate()
            .filter(|(_, b)| b.capacity() >= length);
        let (at, _) = fitting.min_by_key(|(_, b)| b.capacity())?;
        Some(kept.swap_remove(at))
    });
    found.unwrap_or_else(|| Vec::with_capacity(length))
}

fn give<T>(kind: impl FnOnce(&mut Kept) -> &mut Vec<Vec<T>>, buffer: Vec<T>) {
    let size = |buffer: &Vec<T>| buffer.capacity() * size_of::<T>();
    if buffer.capacity() < LEAST {
        return;
    }
    KEPT.with_borrow_mut(|kept| {
        if let Some(kept) = kept.as_mut().map(kind)
            && kept.len() < MOST
            && kept.iter().map(size).sum::<usize>() + size(&buffer) <= MOST_BYTES
        {
            kept.push(buffer);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_buffer_is_taken_again_and_is_empty() {
        let _kept = Buffers::keep();
        let mut long = zeros(LEAST * 4);
        long.fill(7);
        let place = long.as_ptr();
        give_bytes(long);
        give_bytes(vec![8; LEAST * 8]);

        let again = zeros(LEAST * 3);

        assert_eq!(again.as_ptr(), place);
        assert!(again.iter().all(|&byte| byte == 0));
    }

    #[test]
    fn no_more_than_a_few_megabytes_are_kept() {
        let _kept = Buffers::keep();

        for length in 1..40 {
            give_bytes(vec![1; length << 20]);
        }

        let held = KEPT.with_borrow(|kept| {
            let kept = kept.iter().flat_map(|kept| &kept.bytes);
            kept.map(Vec::capacity).sum::<usize>()
        });
        assert!((1..=MOST_BYTES).contains(&held), "{held}");
    }

    #[test]
    fn nothing_is_kept_unless_it_is_wanted() {
        give_numbers(vec![1.0; LEAST]);
        assert!(KEPT.with_borrow(Option::is_none));

        let kept = Buffers::keep();
        give_numbers(vec![1.0; LEAST]);
        drop(kept);

        assert!(KEPT.with_borrow(Option::is_none));
    }
}
