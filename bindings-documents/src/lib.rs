//! What the bindings share: the engine by documents, and ports whose calls are documents.
