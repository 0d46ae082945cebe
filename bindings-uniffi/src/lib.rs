//! calendar-publish for Kotlin, Swift and Python.

uniffi::setup_scaffolding!();
