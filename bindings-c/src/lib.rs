//! calendar-publish for C and whatever speaks its ABI.
