/** Coordination in the memory of a single session node. */
package dev.parley.session.coordination.local;
