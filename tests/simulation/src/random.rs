//! Numbers that only look random: the same seed gives the same numbers on every machine.

use std::time::Duration;

use oorandom::Rand64;

/// A seeded generator.
#[derive(Clone, Debug)]
pub struct Random(Rand64);

impl Random {
    /// The numbers of `seed`.
    pub fn new(seed: u64) -> Self {
        let mut numbers = Rand64::new(u128::from(seed));
        // The first number of neighbouring seeds is alike.
        numbers.rand_u64();
        Self(numbers)
    }

    /// The numbers of `seed` for one purpose: drawing more for another purpose doesn't change them.
    pub fn of(seed: u64, purpose: &[u64]) -> Self {
        Self::new(purpose.iter().fold(mix(seed), |mixed, part| {
            mix(mixed.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ mix(*part))
        }))
    }

    /// A number below `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 {
            0
        } else {
            self.0.rand_range(0..end)
        }
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// `true` in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A duration from `low` to `high` milliseconds.
    pub fn millis(&mut self, low: u64, high: u64) -> Duration {
        Duration::from_millis(self.between(low, high))
    }

    /// The choice, of some that each have a weight; the last one where all weights are 0.
    pub fn weighted<T: Copy>(&mut self, choices: &[(u64, T)]) -> Option<T> {
        let total = choices.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.below(total);
        for (weight, choice) in choices {
            if drawn < *weight {
                return Some(*choice);
            }
            drawn -= weight;
        }
        choices.last().map(|(_, choice)| *choice)
    }
}

/// Spreads the bits of a number (the finalizer of SplitMix64).
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed| {
            let mut random = Random::of(seed, &[3, 4]);
            [random.below(1000), random.between(5, 9), random.below(7)]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn weights_are_kept() {
        let mut random = Random::new(1);
        let drawn: Vec<_> = (0..1000)
            .filter_map(|_| random.weighted(&[(0, 'a'), (3, 'b'), (1, 'c')]))
            .collect();
        let count = |letter| drawn.iter().filter(|drawn| **drawn == letter).count();
        assert_eq!(count('a'), 0);
        assert!((650..850).contains(&count('b')), "{}", count('b'));
    }
}
