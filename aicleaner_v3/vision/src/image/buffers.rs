//! A pool of large buffers for each thread. The static program's allocator returns each of them to the kernel at once,
//! and a new one costs a page fault for each 4 KiB, which is more than most of the work on it. Must never hand out
//! bytes of another picture as if they were zeros.

use std::cell::RefCell;
use std::marker::PhantomData;

use fast_image_resize::Resizer;

/// Shorter buffers cost next to nothing to allocate.
const MIN_LENGTH: usize = 4096;
/// How many of one kind are kept, and how many bytes of all of that kind.
const MAX_KEPT: usize = 16;
const MAX_BYTES: usize = 16 << 20;

#[derive(Default)]
struct Pool {
    bytes: Vec<Vec<u8>>,
    floats: Vec<Vec<f32>>,
    resizer: Resizer,
}

thread_local! {
    static POOL: RefCell<Option<Pool>> = const { RefCell::new(None) };
}

/// While this lives, its thread reuses the buffers of one picture for the next; then it frees them all. One at a time
/// on a thread.
#[derive(Debug)]
pub struct Buffers(PhantomData<*const ()>);

impl Buffers {
    /// Begins to keep this thread's buffers.
    #[must_use]
    pub fn keep() -> Self {
        POOL.with_borrow_mut(|pool| *pool = Some(Pool::default()));
        Self(PhantomData)
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        POOL.with_borrow_mut(|pool| *pool = None);
    }
}

/// `length` zeros.
pub(crate) fn zeroed(length: usize) -> Vec<u8> {
    let mut bytes = take(|pool| &mut pool.bytes, length);
    bytes.clear();
    bytes.resize(length, 0);
    bytes
}

/// `length` bytes, all of which must be overwritten: they may be those of another picture.
pub(crate) fn dirty(length: usize) -> Vec<u8> {
    let mut bytes = take(|pool| &mut pool.bytes, length);
    bytes.resize(length, 0);
    bytes
}

/// A copy.
pub(crate) fn copied(from: &[u8]) -> Vec<u8> {
    let mut bytes = dirty(from.len());
    bytes.copy_from_slice(from);
    bytes
}

/// An empty vector with capacity for `length` numbers.
pub(crate) fn floats(length: usize) -> Vec<f32> {
    let mut floats = take(|pool| &mut pool.floats, length);
    floats.clear();
    floats
}

/// Bytes that are not needed any more.
pub(crate) fn recycle_bytes(bytes: Vec<u8>) {
    recycle(|pool| &mut pool.bytes, bytes);
}

/// Numbers that are not needed any more.
pub(crate) fn recycle_floats(floats: Vec<f32>) {
    recycle(|pool| &mut pool.floats, floats);
}

/// Does `work` with the thread's resizer, which has buffers of its own.
pub(crate) fn with_resizer<T>(work: impl FnOnce(&mut Resizer) -> T) -> T {
    POOL.with_borrow_mut(|pool| match pool {
        Some(pool) => work(&mut pool.resizer),
        None => work(&mut Resizer::new()),
    })
}

/// The shortest kept buffer that is long enough, with what was in it, or a new one.
fn take<T>(kind: impl FnOnce(&mut Pool) -> &mut Vec<Vec<T>>, length: usize) -> Vec<T> {
    let found = POOL.with_borrow_mut(|pool| {
        let kept = kind(pool.as_mut()?);
        let fitting = kept
            .iter()
            .enumerate()
            .filter(|(_, b)| b.capacity() >= length);
        let (at, _) = fitting.min_by_key(|(_, b)| b.capacity())?;
        Some(kept.swap_remove(at))
    });
    found.unwrap_or_else(|| Vec::with_capacity(length))
}

fn recycle<T>(kind: impl FnOnce(&mut Pool) -> &mut Vec<Vec<T>>, buffer: Vec<T>) {
    let size = |buffer: &Vec<T>| buffer.capacity() * size_of::<T>();
    if buffer.capacity() < MIN_LENGTH {
        return;
    }
    POOL.with_borrow_mut(|pool| {
        if let Some(kept) = pool.as_mut().map(kind)
            && kept.len() < MAX_KEPT
            && kept.iter().map(size).sum::<usize>() + size(&buffer) <= MAX_BYTES
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
        let mut long = zeroed(MIN_LENGTH * 4);
        long.fill(7);
        let place = long.as_ptr();
        recycle_bytes(long);
        recycle_bytes(vec![8; MIN_LENGTH * 8]);

        let again = zeroed(MIN_LENGTH * 3);

        assert_eq!(again.as_ptr(), place);
        assert!(again.iter().all(|&byte| byte == 0));
    }

    #[test]
    fn no_more_than_a_few_megabytes_are_kept() {
        let _kept = Buffers::keep();

        for length in 1..40 {
            recycle_bytes(vec![1; length << 20]);
        }

        let held = POOL.with_borrow(|kept| {
            let kept = kept.iter().flat_map(|kept| &kept.bytes);
            kept.map(Vec::capacity).sum::<usize>()
        });
        assert!((1..=MAX_BYTES).contains(&held), "{held}");
    }

    #[test]
    fn nothing_is_kept_unless_it_is_wanted() {
        recycle_floats(vec![1.0; MIN_LENGTH]);
        assert!(POOL.with_borrow(Option::is_none));

        let kept = Buffers::keep();
        recycle_floats(vec![1.0; MIN_LENGTH]);
        drop(kept);

        assert!(POOL.with_borrow(Option::is_none));
    }
}
