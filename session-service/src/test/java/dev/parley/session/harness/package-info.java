/**
 * A real service on ephemeral ports, a client that holds it to its contract, a scripted media
 * server.
 */
package dev.parley.session.harness;
