//! HTTP over `reqwest` and rustls, and media read from their addresses.
