/**
 * Webhooks as Standard Webhooks 1.0.0 has them: endpoints, signatures, deliveries in order,
 * retries. Thread-safe where not said otherwise.
 */
package dev.parley.session.webhook;
