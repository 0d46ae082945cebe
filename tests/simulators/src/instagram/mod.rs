//! Instagram: both sign-ins, content publishing, and the upload host of the Facebook flavour.
