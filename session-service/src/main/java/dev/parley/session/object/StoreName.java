package dev.parley.session.object;

/**
 * What may be said of a store to a tenant. Immutable.
 *
 * @param id unique in the configuration
 * @param region where its objects lie, in Parley's own naming
 */
public record StoreName(String id, StoreKind kind, String region) {}
