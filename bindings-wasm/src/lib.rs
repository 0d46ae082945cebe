//! calendar-publish for JavaScript.
