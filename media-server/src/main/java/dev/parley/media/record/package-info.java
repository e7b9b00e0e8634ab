/**
 * Recordings: what mix agents hand over is put in order, written to files that are sealed
 * (encrypted and authenticated) as they grow, and described by a manifest.
 */
package dev.parley.media.record;
