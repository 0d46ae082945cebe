//! Stores, transports and channel adapters: everything that talks to the world, a feature each.
