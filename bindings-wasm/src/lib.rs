//! calendar-publish for JavaScript.

#[cfg(not(feature = "zone-database"))]
mod zones;
