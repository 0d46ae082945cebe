//! Hashtags as a set that has an order, merged three ways.

/// What tells two hashtags apart: `#Pan` and `pan` are the same tag.
pub(super) fn tag_key(tag: &str) -> String {
    tag.trim().trim_start_matches('#').to_lowercase()
}

/// Whether both lists hold the same tags in the same order, however they are written.
pub(super) fn same_tags(a: &[String], b: &[String]) -> bool {
    a == b || keys(a) == keys(b)
}

fn keys(tags: &[String]) -> Vec<String> {
    tags.iter().map(|tag| tag_key(tag)).collect()
}

/// One list out of two that both came from `base`.
///
/// A tag that one side added is in, a tag that one side dropped is out, unless the person wrote it
/// anew. Order and spelling are the person's where the person changed them, and else the
/// regeneration's.
pub(super) fn merge_tags(base: &[String], mine: &[String], theirs: &[String]) -> Vec<String> {
    let (base_keys, mine_keys, theirs_keys) = (keys(base), keys(mine), keys(theirs));
    let respelled = |key: &String, tag: &String| {
        let position = base_keys.iter().position(|other| other == key);
        position.is_some_and(|position| base.get(position) != Some(tag))
    };
    let stays = |key: &String| {
        let (in_mine, in_theirs) = (mine_keys.contains(key), theirs_keys.contains(key));
        if !base_keys.contains(key) {
            return in_mine || in_theirs;
        }
        let kept_by_hand = || {
            let tags = mine_keys.iter().zip(mine);
            tags.filter(|(other, _)| *other == key)
                .any(|(key, tag)| respelled(key, tag))
        };
        in_mine && (in_theirs || kept_by_hand())
    };
    let reordered = shared(&mine_keys, &base_keys) != shared(&base_keys, &mine_keys);
    let (first, second) = if reordered {
        (&mine_keys, &theirs_keys)
    } else {
        (&theirs_keys, &mine_keys)
    };
    let mut merged: Vec<&String> = Vec::new();
    for key in first.iter().filter(|key| stays(key)) {
        if !merged.contains(&key) {
            merged.push(key);
        }
    }
    // The other side's tags follow the neighbour they had there.
    let mut after = 0;
    for key in second.iter().filter(|key| stays(key)) {
        match merged.iter().position(|other| *other == key) {
            Some(position) => after = position + 1,
            None => {
                merged.insert(after.min(merged.len()), key);
                after += 1;
            }
        }
    }
    let spelling = |key: &String| {
        let in_mine = mine_keys.iter().position(|other| other == key);
        let in_theirs = theirs_keys.iter().position(|other| other == key);
        let mine = in_mine.and_then(|position| mine.get(position));
        let theirs = in_theirs.and_then(|position| theirs.get(position));
        match (mine, theirs) {
            (Some(mine), Some(_)) if respelled(key, mine) || !base_keys.contains(key) => Some(mine),
            (mine, theirs) => theirs.or(mine),
        }
    };
    merged.into_iter().filter_map(spelling).cloned().collect()
}

/// The tags of `list` that `other` holds too, in the order of `list`.
fn shared<'a>(list: &'a [String], other: &[String]) -> Vec<&'a String> {
    list.iter().filter(|key| other.contains(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, mine: &str, theirs: &str, expected: &str) {
        let list = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let merged = merge_tags(&list(base), &list(mine), &list(theirs));
        assert_eq!(merged, list(expected), "{base} | {mine} | {theirs}");
    }

    #[test]
    fn additions_of_both_are_in_and_removals_of_both_are_out() {
        check(
            "pan masa",
            "pan masa taller",
            "pan masa horno",
            "pan masa taller horno",
        );
        check("pan masa horno", "pan horno", "pan masa", "pan");
        check("pan", "", "pan horno", "horno");
        check("", "pan", "horno", "pan horno");
    }

    #[test]
    fn an_addition_stays_beside_its_neighbour() {
        check("a b c", "x a b c", "a b y c", "x a b y c");
        check("a b", "a m b", "b a", "b a m");
    }

    #[test]
    fn the_order_of_the_person_wins() {
        check("a b c", "c b a", "a b c d", "c d b a");
        check("a b c", "a b c x", "c b a", "c x b a");
    }

    #[test]
    fn the_hash_sign_and_capitals_do_not_make_another_tag() {
        check("pan", "#Pan", "pan horno", "#Pan horno");
        check("pan", "pan taller", "#Pan", "#Pan taller");
        check("pan masa", "#PAN masa", "masa", "#PAN masa");
    }

    #[test]
    fn a_tag_that_stands_twice_comes_out_once() {
        check("a", "a x x", "a y a", "a x y");
    }
}
