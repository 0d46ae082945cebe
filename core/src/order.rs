//! Sorting where speed isn't what counts.

use std::cmp::Ordering;

/// Sorts by a key; what has the same key keeps its order.
///
/// The standard library's sort is compiled anew for each type, and a browser downloads every one. This one
/// sorts positions, by one sort for all types, and moves the items once.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    if items.is_sorted_by_key(&key) {
        return;
    }
    let order = sorted_positions(items.len(), &mut |a, b| {
        items.get(a).map(&key).cmp(&items.get(b).map(&key))
    });
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    let in_order = order.into_iter();
    items.extend(in_order.filter_map(|position| taken.get_mut(position)?.take()));
}

fn sorted_positions(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sort_by_key;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(mut items: Vec<(u8, String)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|(number, _)| *number);
            sort_by_key(&mut items, |(number, _)| *number);
            prop_assert_eq!(items, expected);
        }
    }
}
